package dev.heddle.frameworks.spring;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;

/** Asks the application, as somebody outside does. */
final class Browser implements AutoCloseable {

    private final HttpClient http = HttpClient.newHttpClient();
    private final String application;

    Browser(int port) {
        this.application = "http://127.0.0.1:" + port;
    }

    private HttpRequest.Builder request(String path, String language) {
        return HttpRequest.newBuilder(URI.create(application + path))
                .header("Accept-Language", language)
                .header("Content-Type", "application/json");
    }

    CompletableFuture<HttpResponse<String>> begin(String path) {
        return http.sendAsync(request(path, "en").build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path, String language) throws Exception {
        return http.send(request(path, language).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws Exception {
        return get(path, "en");
    }

    int put(String path, String language, String json) throws Exception {
        HttpRequest put = request(path, language).PUT(BodyPublishers.ofString(json)).build();
        return http.send(put, BodyHandlers.ofString()).statusCode();
    }

    @Override
    public void close() {
        http.close();
    }
}
