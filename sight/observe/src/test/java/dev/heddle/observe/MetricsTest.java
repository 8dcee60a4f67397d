package dev.heddle.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.internal.sight.Events;
import dev.heddle.sync.CircuitBreaker;
import dev.heddle.sync.CircuitBreakerOptions;
import dev.heddle.sync.ConcurrencyLimiter;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import pantry.Shelf;

class MetricsTest {

    @Test
    void loopsPartsAndTheJvmAreTold() {
        Heddle.run(() -> {
            ConcurrencyLimiter limiter = Shelf.hands(4);
            limiter.acquire();
            List<String> lines = Metrics.text().lines().toList();
            assertTrue(lines.contains("heddle_limiter_borrowed{heddle_name=\"hands\"} 1"), lines::toString);
            assertTrue(lines.contains("heddle_limiter_pressure_ratio{heddle_name=\"hands\"} 0.25"), lines::toString);
            for (String begin : List.of(
                    "heddle_loop_turns_total{heddle_loop_name=\"loop\"} ",
                    "heddle_loop_tasks{heddle_loop_name=\"loop\"} ",
                    "jvm_memory_used_bytes{jvm_memory_type=\"heap\",jvm_memory_pool_name=\"",
                    "jvm_thread_count{jvm_thread_daemon=\"true\"} ",
                    "jvm_cpu_time_seconds_total ",
                    "jvm_gc_duration_seconds_count{jvm_gc_name=\"",
                    "process_open_file_descriptor_count ")) {
                assertTrue(lines.stream().anyMatch(line -> line.startsWith(begin)),
                        () -> begin + " is not in " + lines);
            }
            limiter.release();
            Reference.reachabilityFence(limiter);
        });
    }

    @Test
    void programsCountersAndHistogramsStandAmongTheOthers() {
        MetricCounter orders = Metrics.counter("shop.orders", "Orders taken.", "kind");
        orders.increment("book");
        Metrics.counter("shop.orders", "Orders taken.", "kind").add(2, "book");
        MetricDurations bills = Metrics.durations("shop.bill.duration", "Time that a bill takes.", "kind");
        bills.record(Duration.ofMillis(30), "book");
        bills.record(Duration.ofSeconds(20), "book");
        List<String> lines = Metrics.text().lines().toList();
        assertTrue(lines.contains("shop_orders_total{kind=\"book\"} 3"), lines::toString);
        assertTrue(lines.contains("# HELP shop_orders_total Orders taken."), lines::toString);
        assertTrue(lines.contains("shop_bill_duration_seconds_bucket{kind=\"book\",le=\"0.05\"} 1"), lines::toString);
        assertTrue(lines.contains("shop_bill_duration_seconds_count{kind=\"book\"} 2"), lines::toString);
        assertTrue(lines.contains("shop_bill_duration_seconds_sum{kind=\"book\"} 20.03"), lines::toString);
    }

    @Test
    void handshakesAreCountedByTheirGroup() {
        Metrics.begin();
        Events heard = Objects.requireNonNull(Events.heard());
        for (String group : List.of("X25519MLKEM768", "X25519MLKEM768", "")) {
            heard.secured(heard.begin(Events.Kind.HANDSHAKE), group);
        }
        List<String> lines = Metrics.text().lines().toList();
        assertTrue(lines.contains("heddle_tls_handshakes_total{tls_curve=\"X25519MLKEM768\"} 2"), lines::toString);
        assertTrue(lines.contains("heddle_tls_handshakes_total{tls_curve=\"unknown\"} 1"), lines::toString);
    }

    @Test
    void attemptsAtJobsAreMeasuredByQueueKindAndOutcome() {
        Metrics.begin();
        Events heard = Objects.requireNonNull(Events.heard());
        heard.attempted("mail", "send", "done", Duration.ofSeconds(2).toNanos(), Duration.ofMillis(30).toNanos());
        heard.attempted("mail", "send", "failed", 0, Duration.ofMinutes(10).toNanos());
        List<String> lines = Metrics.text().lines().toList();
        String send = "heddle_name=\"mail\",heddle_job_kind=\"send\"";
        String ran = "heddle_jobs_run_duration_seconds_";
        String failed = send + ",heddle_job_outcome=\"failed\"";
        for (String line : List.of(
                ran + "bucket{" + send + ",heddle_job_outcome=\"done\",le=\"0.05\"} 1",
                ran + "bucket{" + failed + ",le=\"300\"} 0",
                ran + "bucket{" + failed + ",le=\"900\"} 1",
                ran + "sum{" + failed + "} 600",
                "heddle_jobs_wait_duration_seconds_count{" + send + "} 2",
                "heddle_jobs_wait_duration_seconds_sum{" + send + "} 2")) {
            assertTrue(lines.contains(line), () -> line + " is not in " + lines);
        }
    }

    @Test
    void labelsWithoutEndAreCountedTogether() {
        MetricCounter many = Metrics.counter("shop.visits", "Visits.", "visitor");
        for (int i = 0; i < 2_010; i++) {
            many.increment("visitor " + i);
        }
        List<String> lines = Metrics.text().lines().filter(line -> line.startsWith("shop_visits_total")).toList();
        assertEquals(2_000, lines.size());
        assertTrue(lines.contains("shop_visits_total{otel_metric_overflow=\"true\"} 11"), lines::toString);
    }

    @Test
    void declarationsThatCannotBeToldAreRefused() {
        for (String name : List.of("", "7up", "a-b", "a..b", "heddle.mine", "http.mine", "jvm_mine", "orders.total")) {
            assertThrows(IllegalArgumentException.class, () -> Metrics.counter(name, "Help."), name);
        }
        Metrics.counter("shop.returns", "Returns.", "kind");
        for (Executable other : List.<Executable>of(
                () -> Metrics.counter("shop.returns", "Returns."),
                () -> Metrics.counter("shop_returns", "Returns.", "kind"),
                () -> Metrics.durations("shop.returns", "Returns.", "kind"),
                () -> Metrics.counter("shop.other", "Help.", "le"),
                () -> Metrics.counter("shop.returns", "Returns.", "kind").increment(),
                () -> Metrics.counter("shop.returns", "Returns.", "kind").add(-1, "book"))) {
            assertThrows(IllegalArgumentException.class, other);
        }
    }

    @Test
    void whatOnlyGrowsIsACounterAndNothingElse() {
        Heddle.run(() -> {
            CircuitBreaker breaker = CircuitBreaker.of("fuse", CircuitBreakerOptions.DEFAULT);
            List<String> lines = Metrics.text().lines().toList();
            for (String counter : List.of("heddle_circuit_breaker_opened_total",
                    "heddle_circuit_breaker_refused_total")) {
                assertTrue(lines.contains("# TYPE " + counter + " counter"), lines::toString);
            }
            for (String gauge : List.of("heddle_circuit_breaker_calls", "heddle_circuit_breaker_failures")) { // of its window
                assertTrue(lines.contains("# TYPE " + gauge + " gauge"), lines::toString);
            }
            Reference.reachabilityFence(breaker);
        });
    }

    @Test
    void eachSeriesIsThereOnceBehindItsTypeInBothFormats() {
        Heddle.run(() -> {
            ConcurrencyLimiter one = Shelf.hands(4);
            ConcurrencyLimiter other = Shelf.hands(5);
            check(Metrics.text());
            String open = Metrics.scrape("application/openmetrics-text").text();
            assertTrue(open.endsWith("\n# EOF\n"));
            check(open.substring(0, open.length() - "# EOF\n".length()));
            Reference.reachabilityFence(List.of(one, other));
        });
    }

    private static void check(String text) {
        Set<String> families = new HashSet<>();
        Set<String> series = new HashSet<>();
        String family = "";
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("# TYPE ")) {
                family = line.split(" ")[2];
                assertTrue(families.add(family), () -> "twice: " + line);
            } else if (!line.startsWith("#") && !line.isEmpty()) {
                assertTrue(line.matches("[a-z_0-9]+(\\{([a-z_]+=\"[^\"]*\",?)+})? [0-9.E+-]+"), line);
                assertTrue(line.startsWith(family), line);
                assertTrue(series.add(line.substring(0, line.lastIndexOf(' '))), () -> "twice: " + line);
            }
        }
        assertTrue(series.size() > 20);
    }

    @Test
    void requestsUnderWayAreCountedByMethodAndSchemeFromWhenSomebodyMeasures() {
        Metrics.begin();
        Events heard = Objects.requireNonNull(Events.heard());
        Object before = heard.begin(Events.Kind.SERVED);
        Object patch = heard.serving("PATCH", "https");
        Object made = heard.serving("BREW", "http");
        String series = "http_server_active_requests{http_request_method=\"%s\",url_scheme=\"%s\"} %d\n";
        assertTrue(Metrics.text().contains(series.formatted("PATCH", "https", 1)), Metrics::text);
        assertTrue(Metrics.text().contains(series.formatted("_OTHER", "http", 1)), Metrics::text);
        for (Object begun : List.of(before, patch, made)) {
            heard.served(
                    begun, new Events.HttpRequest("PATCH", null, "https", "HTTP/1.1", 200, null, 0, 1), () -> "peer");
        }
        assertTrue(Metrics.text().contains(series.formatted("PATCH", "https", 0)), Metrics::text);
        assertTrue(Metrics.text().contains(series.formatted("_OTHER", "http", 0)), Metrics::text);
    }

    @Test
    void contentTypeNamesTheFormat() {
        assertEquals("text/plain; version=0.0.4; charset=utf-8", Metrics.scrape("").contentType());
        assertEquals(
                "application/openmetrics-text; version=1.0.0; charset=utf-8",
                Metrics.scrape("application/openmetrics-text;version=1.0.0").contentType());
    }
}
