"""State of charge of a lithium-ion cell from what a battery monitor measures; saved as int8 and as float32.

Inputs: voltage, current (discharging is positive), temperature, and the mean current of the last minute.
Output: the state of charge, 0 (empty) to 1 (full).
"""

import common
import numpy as np
import tensorflow as tf

# Open-circuit voltage at 0, 10 .. 100 % of charge.
OPEN_CIRCUIT = [3.00, 3.42, 3.53, 3.58, 3.62, 3.67, 3.74, 3.83, 3.93, 4.05, 4.18]


def dataset(seed, count):
    """Cells at random moments. Returns ([count, 4] scaled to about -1 .. 1, [count, 1] state of charge)."""
    rng = np.random.default_rng(seed)
    charge = rng.uniform(0, 1, count)
    temperature = rng.uniform(-10, 45, count)
    mean_current = rng.normal(0.8, 1.5, count)
    current = mean_current + rng.normal(0, 0.8, count)
    # Ohms: about double at -10 degrees, higher when nearly empty, and different from cell to cell.
    resistance = 0.035 * np.exp((25 - temperature) / 45) * (1 + 0.8 * np.exp(-charge / 0.08))
    resistance *= rng.normal(1, 0.08, count)
    # The current of the moment drops on the ohmic part, that of the last minute on the slow diffusion.
    drop = resistance * current + 0.6 * resistance * mean_current
    voltage = np.interp(charge, np.linspace(0, 1, 11), OPEN_CIRCUIT) - drop + rng.normal(0, 0.004, count)
    inputs = [(voltage - 3.6) / 0.6, current / 5, (temperature - 17.5) / 27.5, mean_current / 5]
    return np.stack(inputs, axis=1).astype(np.float32), charge.astype(np.float32)[:, None]


common.make_deterministic(5)
train, train_charge = dataset(51, 12000)
test, test_charge = dataset(52, 1000)

layers = tf.keras.layers
measured = layers.Input([4])
smooth = layers.Dense(16, "tanh")(measured)
bent = layers.LeakyReLU(negative_slope=0.1)(layers.Dense(16)(smooth))
# The last layer sees both, so that the easy, nearly linear part need not pass through the second layer.
both = layers.Concatenate()([smooth, bent])
model = tf.keras.Model(measured, layers.Dense(1, "sigmoid")(both))
common.fit(model, train, train_charge, "mse", epochs=40, batch_size=64, peak=1e-2)

truth = test_charge[:, 0]
common.save("regression_float32", common.convert_float32(model), model, test, truth, "rmse", keep=200)
common.save("regression_int8", common.convert_int8(model, train[:500]), model, test, truth, "rmse", keep=200)
