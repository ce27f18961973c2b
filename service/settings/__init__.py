"""The settings of the app, from the variables of its environment."""

from service.settings.api_keys import ADMIN, CUSTOMERS, PREDICT, SCOPES, TRAIN, ApiKey, digest_of
from service.settings.app_settings import DEFAULT_HOST, DEFAULT_MODEL, JSON_LINES, LOG_FORMATS, TEXT, Settings
from service.settings.environment_values import SettingsError
from service.settings.store_settings import StoreSettings
from service.settings.training_settings import TrainingSettings

__all__ = [
    "ADMIN",
    "CUSTOMERS",
    "DEFAULT_HOST",
    "DEFAULT_MODEL",
    "JSON_LINES",
    "LOG_FORMATS",
    "PREDICT",
    "SCOPES",
    "TEXT",
    "TRAIN",
    "ApiKey",
    "Settings",
    "SettingsError",
    "StoreSettings",
    "TrainingSettings",
    "digest_of",
]
