rootProject.name = "pages"
