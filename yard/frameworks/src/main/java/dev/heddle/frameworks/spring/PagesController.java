package dev.heddle.frameworks.spring;

import static dev.heddle.Heddle.map;
import static dev.heddle.Heddle.timeout;

import dev.heddle.DeadlineExceededException;
import dev.heddle.Loop;
import dev.heddle.http.client.HttpClient;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A controller that asks many servers at once, while no thread of the web server waits. */
@RestController
class PagesController {

    private final Loop loop;
    private final HttpClient http;
    private final Pages pages;

    PagesController(Loop loop, HttpClient http, Pages pages) {
        this.loop = loop;
        this.http = http;
        this.pages = pages;
    }

    @GetMapping("/sizes")
    CompletableFuture<List<Integer>> sizes() {
        return loop.spawn(() -> timeout(pages.timeout(), () -> map(pages.urls(), 100, url -> size(url))))
                .toCompletableFuture();
    }

    private int size(String url) {
        return http.get(url).expectSuccess().text().length();
    }

    @ExceptionHandler
    ProblemDetail tooLate(DeadlineExceededException e) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.GATEWAY_TIMEOUT, "the other servers took too long");
    }
}
