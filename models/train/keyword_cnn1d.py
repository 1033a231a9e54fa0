"""Keyword spotting on MFCCs: a 1-D network along time, the coefficients being its channels."""

import audio
import common
import tensorflow as tf

layers = tf.keras.layers

common.make_deterministic(3)
train, train_labels = audio.dataset(21, 6000, audio.mfcc)
test, test_labels = audio.dataset(22, 1000, audio.mfcc)

model = tf.keras.Sequential([
    layers.Input([audio.FRAMES, 13]),
    layers.Conv1D(32, 5, padding="same", activation="relu"),
    layers.MaxPooling1D(2),
    layers.Conv1D(40, 3, activation="relu"),
    layers.MaxPooling1D(2),
    layers.Conv1D(48, 3, activation="relu"),
    layers.Dropout(0.2),
    layers.GlobalAveragePooling1D(),
    layers.Dense(len(audio.LABELS), "softmax"),
])
common.fit(model, train, train_labels, "sparse_categorical_crossentropy", epochs=25)
flatbuffer = common.convert_int8(model, train[:300])
common.save("keyword_cnn1d_int8", flatbuffer, model, test, test_labels, "accuracy", keep=160, labels=audio.LABELS)
