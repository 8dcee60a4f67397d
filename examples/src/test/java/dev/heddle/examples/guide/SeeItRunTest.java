package dev.heddle.examples.guide;

import static dev.heddle.Heddle.measureTime;
import static dev.heddle.Heddle.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Middleware;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.Routes;
import dev.heddle.observe.MetricCounter;
import dev.heddle.observe.MetricDurations;
import dev.heddle.observe.Metrics;
import dev.heddle.observe.page.Page;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code of the chapter about seeing a program run. */
final class SeeItRunTest {

    static final MetricCounter ORDERS = Metrics.counter("shop.orders", "Orders taken.", "kind");
    static final MetricDurations BILLS = Metrics.durations("shop.bill.duration", "Time that a bill takes.");

    @Test
    void programsOwnNumbersAreTold() {
        Sim.run(() -> {
            ORDERS.increment("book");                                     // shop_orders_total{kind="book"} 1
            BILLS.record(measureTime(() -> sleep(Duration.ofMillis(20))));
        });
        List<String> lines = Metrics.text().lines().toList();
        assertTrue(lines.contains("shop_orders_total{kind=\"book\"} 1"), lines::toString);
        assertTrue(lines.contains("shop_bill_duration_seconds_sum 0.02"), lines::toString);
    }

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
