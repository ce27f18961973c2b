"""Common alternatives, which are measured for comparison with the app.

python benchmarks/rivals.py queue PORT     the same model file with Gradio's queue
python benchmarks/rivals.py sklearn PORT   FastAPI with a scikit-learn pipeline from joblib
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from pydantic import BaseModel

HOST = "127.0.0.1"
MODEL = Path(__file__).parents[1] / "artifacts" / "model.onnx"


class Customer(BaseModel):
    """The body of a request."""

    gender: str
    age: float
    annual_income: float
    spending_score: float


def serve_queue(port: int) -> None:
    """Gradio as in its guide: one function, with the queue, and no limit of workers."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    from inference import Segmenter

    segmenter = Segmenter.load(MODEL)

    def predict(gender: str, age: float, income: float, score: float) -> dict[str, float]:
        return segmenter.predict(
            gender=gender, age=age, annual_income=income, spending_score=score
        ).probabilities

    inputs = [gr.Dropdown(["Female", "Male"]), gr.Number(), gr.Number(), gr.Number()]
    page = gr.Interface(predict, inputs, gr.JSON(), api_name="predict", flagging_mode="never")
    page.queue(default_concurrency_limit=16)
    page.launch(server_name=HOST, server_port=port, quiet=True, ssr_mode=False)


def serve_sklearn(port: int) -> None:
    """FastAPI as in its tutorial, with a fitted pipeline that joblib has saved."""
    import joblib
    import pandas as pd
    import uvicorn
    from fastapi import FastAPI

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pipeline.joblib"
        joblib.dump(_fitted(), path)
        pipeline: Any = joblib.load(path)
    app = FastAPI()

    @app.post("/v1/predict")
    def predict(customer: Customer) -> dict[str, Any]:
        chances = pipeline.predict_proba(pd.DataFrame([customer.model_dump()]))[0]
        return {"segment": int(chances.argmax()), "probabilities": chances.tolist()}

    @app.get("/v1/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    uvicorn.run(app, host=HOST, port=port, log_level="warning")


def _fitted() -> Any:
    """A classifier of K-Means' labels on the embedded table, with the preprocessing it needs."""
    import pandas as pd
    from sklearn.cluster import KMeans
    from sklearn.compose import make_column_transformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    from trainer import read_table

    numbers = ["age", "annual_income", "spending_score"]
    table = pd.DataFrame(read_table().columns)
    clustering = StandardScaler().fit_transform(table[numbers[1:]])
    labels = KMeans(5, n_init=10, random_state=0).fit_predict(clustering)
    columns = make_column_transformer((OneHotEncoder(), ["gender"]), (StandardScaler(), numbers))
    return make_pipeline(columns, LogisticRegression()).fit(table[["gender", *numbers]], labels)


if __name__ == "__main__":
    {"queue": serve_queue, "sklearn": serve_sklearn}[sys.argv[1]](int(sys.argv[2]))
