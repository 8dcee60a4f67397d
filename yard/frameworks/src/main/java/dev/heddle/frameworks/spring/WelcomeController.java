package dev.heddle.frameworks.spring;

import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.spawn;

import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.http.client.HttpClient;
import java.util.List;
import java.util.Locale;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** A controller that reads the database and another server at the same time. */
@RestController
class WelcomeController {

    /** The language of the visitor: for all tasks of a request, as Spring's own context is for one thread. */
    private static final ScopedValue<Locale> LOCALE = ScopedValue.newInstance();

    private final Loop loop;
    private final HttpClient http;
    private final Greetings greetings;
    private final Pages pages;

    WelcomeController(Loop loop, HttpClient http, Greetings greetings, Pages pages) {
        this.loop = loop;
        this.http = http;
        this.greetings = greetings;
        this.pages = pages;
    }

    @GetMapping("/welcome")
    String welcome(Locale locale) {
        return ScopedValue.where(LOCALE, locale).call(() -> loop.spawn(() -> greetingAndNews())).join();
    }

    private String greetingAndNews() {
        Task<String> greeting = spawn(() -> offload(() -> greetings.in(LOCALE.get())));
        String news = http.get(pages.news()).expectSuccess().text();
        return greeting.join() + ": " + news;
    }

    @PutMapping("/greetings")
    void replace(Locale locale, @RequestBody List<String> texts) {
        greetings.replace(locale, texts);
    }
}
