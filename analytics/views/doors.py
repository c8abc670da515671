"""Signing in and out of the pages."""

from django.contrib.auth.views import LoginView, LogoutView

from accounts.access import Access


class SignInPage(LoginView):
    access = Access.PUBLIC
    template_name = "pages/sign_in.html"
    redirect_authenticated_user = True


class SignOut(LogoutView):
    """By POST only: a link that signs out could be planted anywhere."""

    access = Access.PUBLIC
