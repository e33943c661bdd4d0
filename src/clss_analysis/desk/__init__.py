"""The house in a browser, on this machine only: a Jupyter Server extension; knows no drawing and no rule of its own."""


def _jupyter_server_extension_points() -> list[dict[str, object]]:
    from clss_analysis.desk.app import Desk

    return [{"module": "clss_analysis.desk.app", "app": Desk}]
