"""Who wrote a model file: its detached signature, in the format of OpenSSF Model Signing.

The package ``model-signing`` reads and compares it, and is loaded only where a public key is given. See
https://github.com/sigstore/model-transparency for the format.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from inference.errors import ArtifactError

SUFFIX = ".sig"


def check_signature_file(content: bytes, path: str | Path, *, public_key: str | Path) -> None:
    """Refuse a model file that the owner of a key did not sign.

    The bytes that were read are compared, not the file, so that it cannot be exchanged in between.

    Args:
        path: of the file; its signature is next to it, with ``.sig`` at the end of its name.
        public_key: the path of an elliptic-curve public key in PEM.

    Raises:
        ArtifactError: when there is no signature, it is not one of this file by that key, or the package
            ``model-signing`` is not installed.
    """
    try:
        from model_signing import verifying
    except ModuleNotFoundError as error:
        raise ArtifactError(
            f"{error.name!r} must be installed to check the signature of {str(path)!r}, but it is not; "
            "install model-signing and pyopenssl"
        ) from error
    given, key = Path(f"{path}{SUFFIX}"), Path(public_key)
    for needed, what in ((given, "signature"), (key, "public key")):
        if not needed.is_file():
            raise ArtifactError(
                f"the {what} for {str(path)!r} must be at {str(needed)!r}, but no file is there; put it "
                "there, or load without a public key"
            )
    with TemporaryDirectory() as folder:
        read = Path(folder) / "model.onnx"
        read.write_bytes(content)
        try:
            verifying.Config().use_elliptic_key_verifier(public_key=key).verify(read, given)
        except Exception as error:  # the library raises what its own libraries raise
            raise ArtifactError(
                f"the file {str(path)!r} must have been signed with the key of {str(key)!r}, but its "
                f"signature says otherwise ({type(error).__name__}); use file and signature of one release"
            ) from error
