package dev.heddle.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Middleware;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.Routes;
import dev.heddle.observe.page.Page;
import org.junit.jupiter.api.Test;

/** The code of the chapter about seeing a program run. */
final class SeeItRunTest {

    @Test
    void pageIsMountedBehindTheProgramsOwnMiddleware() {
        Heddle.run(() -> {
            Routes shop = Routes.create().get("/", request -> Response.text("tea"));
            Middleware onlyAdministrators = (request, next) -> request.headers().contains("X-Administrator")
                    ? next.handle(request)
                    : Response.empty(401);
            HttpServer server = HttpServer.builder()
                    .mount("/shop", shop)
                    .mount("/inside", Page.routes().use(onlyAdministrators))
                    .start("127.0.0.1", 0);
            try (server; HttpClient client = HttpClient.create()) {
                String base = "http://" + server.address();
                assertEquals("tea", client.get(base + "/shop").text());
                assertEquals(401, client.get(base + "/inside/").status());
                String page = client.request("GET", base + "/inside/").header("X-Administrator", "anna").send().text();
                assertTrue(page.contains("<title>Heddle</title>"), page);
            }
        });
    }
}
