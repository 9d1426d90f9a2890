from django.urls import path

from bench.floor.views import Prompts, PromptView

urlpatterns = [
    path("tunes/<int:tune_id>/prompts", Prompts.as_view()),
    path("tunes/<int:tune_id>/prompts/<int:prompt_id>", PromptView.as_view()),
]
