"""Tables of real customers whose outcome is known, where the machine has them; not a benchmark."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

SEED = 0


def find_data() -> Path:
    """The folder of shared data: ``$HOLDFAST_DATA``, or ``shared/data`` beside the checkout."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("HOLDFAST_DATA", beside))
    if not folder.is_dir():
        raise SystemExit("this benchmark reads the shared data sets: set HOLDFAST_DATA to their folder")
    return folder


def telco() -> tuple[Any, np.ndarray]:
    """7,043 customers of a telephone company: features, and who left."""
    import pandas as pd

    table = pd.read_csv(find_data() / "telco_ibm" / "telco_customer_churn.csv.gz")
    left = (table.pop("Churn") == "Yes").astype(int).to_numpy()
    table["TotalCharges"] = pd.to_numeric(table["TotalCharges"], errors="coerce")
    return table.drop(columns="customerID"), left


def bank() -> tuple[Any, np.ndarray]:
    """10,000 customers of a bank: features, and who left."""
    import pandas as pd

    table = pd.read_csv(find_data() / "bank_churn_modelling" / "churn_modelling.csv.gz")
    left = table.pop("Exited").to_numpy()
    return table.drop(columns=["RowNumber", "CustomerId", "Surname"]), left


def folds(table: Any, left: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Five folds by a fixed seed."""
    from sklearn.model_selection import StratifiedKFold

    return list(StratifiedKFold(5, shuffle=True, random_state=SEED).split(table, left))
