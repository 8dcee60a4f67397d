package dev.heddle.observe.micrometer;

import static dev.heddle.Heddle.offload;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.observe.MetricCounter;
import dev.heddle.observe.MetricDurations;
import dev.heddle.observe.Metrics;
import dev.heddle.sync.ConcurrencyLimiter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import pantry.Pantry;

/** Heddle's metrics in registries of Micrometer. */
final class HeddleMetricsTest {

    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry simple = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);

    private double gauge(String name, String key, String value) {
        return simple.get(name).tag(key, value).gauge().value();
    }

    /** Half a second later, when numbers are taken anew. */
    private void pass() {
        clock.add(Duration.ofSeconds(1));
    }

    @Test
    void limitersFiguresAreGaugesThatFollowIt() {
        Heddle.run(() -> {
            ConcurrencyLimiter limiter = Pantry.limiter("ovens", 4);
            limiter.acquire();
            try (HeddleMetrics metrics = new HeddleMetrics()) {
                metrics.bindTo(simple);
                assertEquals(1, gauge("heddle.limiter.borrowed", "heddle.name", "ovens"));
                assertEquals(0.25, gauge("heddle.limiter.pressure", "heddle.name", "ovens"));
                limiter.acquireFor("another");
                assertEquals(1, gauge("heddle.limiter.borrowed", "heddle.name", "ovens"), "half a second is not over");
                pass();
                assertEquals(2, gauge("heddle.limiter.borrowed", "heddle.name", "ovens"));
            }
            assertNull(simple.find("heddle.limiter.borrowed").gauge());
            limiter.releaseFor("another");
            limiter.release();
            Reference.reachabilityFence(limiter);
        });
    }

    @Test
    void oneLineBindsAll() {
        MeterRegistry registry = simple;
        new HeddleMetrics().bindTo(registry);
        assertTrue(registry.get("heddle.metrics.series").gauge().value() >= 0);
    }

    @Test
    void whatOnlyGrowsIsACounter() {
        Heddle.run(() -> {
            try (HeddleMetrics metrics = new HeddleMetrics()) {
                metrics.bindTo(simple);
                double before = simple.get("heddle.loop.turns").functionCounter().count();
                pass();
                Heddle.sleep(Duration.ofMillis(1));
                assertTrue(simple.get("heddle.loop.turns").functionCounter().count() > before);
            }
        });
    }

    @Test
    void programsCountersAndHistogramsAreMetersToo() {
        MetricCounter loaves = Metrics.counter("bakery.loaves", "Loaves baked.", "flour");
        loaves.add(2, "rye");
        try (HeddleMetrics metrics = new HeddleMetrics()) {
            metrics.bindTo(simple);
            assertEquals(2, simple.get("bakery.loaves").tag("flour", "rye").functionCounter().count());
            MetricDurations baking = Metrics.durations("bakery.baking.duration", "Time in the oven.", "flour");
            baking.record(Duration.ofMillis(1_500), "rye");
            assertEquals(1_500, simple.get("bakery.baking.duration").tag("flour", "rye").timer()
                    .totalTime(TimeUnit.MILLISECONDS));
        }
    }

    @Test
    void counterOfWhatIsClosedStaysWhereItIs() {
        Heddle.run(() -> {
            try (HeddleMetrics metrics = new HeddleMetrics();
                    HttpServer server = HttpServer.builder().get("/", _ -> Response.text("")).start("127.0.0.1", 0)) {
                metrics.bindTo(simple);
                String url = "http://127.0.0.1:" + server.port() + "/";
                try (HttpClient client = HttpClient.builder().build()) {
                    client.get(url).text();
                    client.get(url).text();
                    pass();
                    simple.get("heddle.metrics.series").gauge().value();
                    assertTrue(simple.get("heddle.client.reused").functionCounter().count() >= 1);
                }
                double before = simple.get("heddle.client.reused").functionCounter().count();
                pass();
                assertEquals(before, simple.get("heddle.client.reused").functionCounter().count());
            }
        });
    }

    @Test
    void metersComeWithWhatTheyTellOf() {
        try (HeddleMetrics metrics = new HeddleMetrics()) {
            metrics.bindTo(simple);
            double before = simple.get("heddle.metrics.series").gauge().value();
            Heddle.run(() -> {
                ConcurrencyLimiter limiter = Pantry.limiter("tables", 7);
                assertNull(simple.find("heddle.limiter.tokens").tag("heddle.name", "tables").gauge());
                pass();
                assertTrue(simple.get("heddle.metrics.series").gauge().value() > before);
                assertEquals(7, gauge("heddle.limiter.tokens", "heddle.name", "tables"));
                Reference.reachabilityFence(limiter);
            });
            pass();
            simple.get("heddle.metrics.series").gauge().value();
            assertNull(simple.find("heddle.loop.tasks").tag("heddle.loop.name", "loop").gauge(), "the loop has ended");
        }
    }

    @Test
    void metersOfANameHaveTheSameTags() {
        Heddle.run(() -> {
            ConcurrencyLimiter named = Pantry.limiter("named", 4);
            try (HeddleMetrics metrics = new HeddleMetrics()) {
                metrics.bindTo(simple);
                ConcurrencyLimiter unnamed = Pantry.nameless(5);
                pass();
                simple.get("heddle.metrics.series").gauge().value();
                Set<Set<String>> keys = simple.find("heddle.limiter.tokens").gauges().stream()
                        .map(gauge -> gauge.getId().getTags().stream().map(Tag::getKey).collect(Collectors.toSet()))
                        .collect(Collectors.toSet());
                assertEquals(Set.of(Set.of("heddle.name", "heddle.line")), keys);
                assertEquals(4, gauge("heddle.limiter.tokens", "heddle.name", "named"));
                assertTrue(simple.find("heddle.limiter.tokens").tag("heddle.name", "none").gauges().stream()
                        .anyMatch(gauge -> gauge.value() == 5));
                Reference.reachabilityFence(List.of(named, unnamed));
            }
        });
    }

    @Test
    void prometheusGetsAllWithHistogramsOfRequests() {
        var prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), clock);
        Heddle.run(() -> {
            try (HeddleMetrics metrics = new HeddleMetrics()) {
                metrics.bindTo(prometheus);
                prometheus.config().onMeterRegistrationFailed((id, why) -> refused.add(id + ": " + why));
                ConcurrencyLimiter limiter = Pantry.limiter("plates", 4);
                ConcurrencyLimiter unnamed = Pantry.spare(4);
                try (HttpServer server = HttpServer.builder().get("/jars/{id}", _ -> Response.text("7"))
                        .start("127.0.0.1", 0);
                        HttpClient http = HttpClient.create()) {
                    for (int i = 0; i < 3; i++) {
                        assertEquals("7", http.get("http://127.0.0.1:" + server.port() + "/jars/" + i).text());
                    }
                    http.get("http://127.0.0.1:" + server.port() + "/none").close();
                    pass();
                    offload(() -> prometheus.scrape()); // finds what is new
                    List<String> lines = offload(() -> prometheus.scrape()).lines().toList();
                    assertTrue(lines.contains("heddle_limiter_tokens{heddle_line=\"none\",heddle_name=\"plates\"} 4.0"),
                            () -> lines.stream().filter(line -> line.contains("limiter")).toList().toString());
                    assertTrue(lines.stream().anyMatch(line -> line
                            .startsWith("heddle_loop_turns_total{heddle_loop_name=\"loop\"} ")));
                    assertTrue(lines.contains(
                            "http_server_request_duration_seconds_count{error_type=\"none\","
                                    + "http_request_method=\"GET\",http_response_status_code=\"200\","
                                    + "http_route=\"/jars/{id}\",network_protocol_version=\"1.1\","
                                    + "url_scheme=\"http\"} 3"));
                    assertTrue(lines.stream().anyMatch(line -> line
                            .startsWith("http_server_request_duration_seconds_bucket")
                            && line.contains("le=\"0.25\"")));
                    assertTrue(lines.stream().anyMatch(line -> line
                            .startsWith("http_client_request_duration_seconds_count")
                            && line.contains("http_response_status_code=\"404\"")));
                }
                Reference.reachabilityFence(List.of(limiter, unnamed));
            }
        });
        assertEquals(List.of(), refused);
    }
}
