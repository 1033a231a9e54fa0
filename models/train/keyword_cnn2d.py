"""Keyword spotting on log-mel spectrograms: a 2-D network of depthwise-separable convolutions."""

import audio
import common
import tensorflow as tf

layers = tf.keras.layers


def convolution(x, layer):
    return layers.ReLU()(layers.BatchNormalization()(layer(x)))


def separable(x, channels, stride=1):
    x = convolution(x, layers.DepthwiseConv2D(3, stride, "same", use_bias=False))
    return convolution(x, layers.Conv2D(channels, 1, use_bias=False))


common.make_deterministic(2)
train, train_labels = audio.dataset(21, 6000, lambda sound: audio.log_mel(sound)[..., None])
test, test_labels = audio.dataset(22, 1000, lambda sound: audio.log_mel(sound)[..., None])

spectrogram = layers.Input([audio.FRAMES, audio.BANDS, 1])
x = convolution(spectrogram, layers.Conv2D(24, (10, 4), 2, "same", use_bias=False))
x = separable(x, 32)
x = separable(x, 40, stride=2)
x = separable(x, 40)
x = layers.AveragePooling2D(x.shape[1:3])(x)
x = layers.Dropout(0.2)(layers.Flatten()(x))
model = tf.keras.Model(spectrogram, layers.Dense(len(audio.LABELS), "softmax")(x))

common.fit(model, train, train_labels, "sparse_categorical_crossentropy", epochs=12)
flatbuffer = common.convert_int8(model, train[:300])
common.save("keyword_cnn2d_int8", flatbuffer, model, test, test_labels, "accuracy", keep=160, labels=audio.LABELS)
