"""What people may change about their own account."""

from allauth.account.forms import LoginForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zaplecze.web.accounts.models import User


class AccountForm(forms.ModelForm):
    """Name, address and language."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("As in the browser")), *settings.LANGUAGES],
        required=False,
    )

    class Meta:
        """Django's own labels are translated in its catalogue."""

        model = User
        fields = ("username", "email", "language")
        help_texts = {"username": _("Up to 150 letters, digits and the signs @ . + - _")}


class EnterForm(LoginForm):
    """User name or e-mail address, and password."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name or e-mail address")
        for field in self.fields.values():
            # A placeholder that repeats the label vanishes when it is needed.
            field.widget.attrs.pop("placeholder", None)
