package dev.heddle.observe.internal.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.sight.Events.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {

    private static final Labels GREEN = Labels.NONE.with("a.colour", "green");

    private static String prometheus(Metric... metrics) {
        return new PrometheusText(false).write(List.of(metrics));
    }

    private static String open(Metric... metrics) {
        return new PrometheusText(true).write(List.of(metrics));
    }

    @Test
    void counterEndsInTotal() {
        Metric jars = Metric.counter("pantry.jars.opened", "", "Jars.").add(GREEN, 3).build();
        assertEquals("""
                # HELP pantry_jars_opened_total Jars.
                # TYPE pantry_jars_opened_total counter
                pantry_jars_opened_total{a_colour="green"} 3
                """, prometheus(jars));
        assertEquals("""
                # HELP pantry_jars_opened Jars.
                # TYPE pantry_jars_opened counter
                pantry_jars_opened_total{a_colour="green"} 3
                # EOF
                """, open(jars));
    }

    @Test
    void unitStandsAtTheEndOfTheName() {
        Metric weight = Metric.gauge("pantry.weight", "bytes", "Weight.").add(Labels.NONE, 0.5).build();
        assertEquals("""
                # HELP pantry_weight_bytes Weight.
                # TYPE pantry_weight_bytes gauge
                # UNIT pantry_weight_bytes bytes
                pantry_weight_bytes 0.5
                # EOF
                """, open(weight));
    }

    @Test
    void whatCouldBreakALineIsEscaped() {
        Metric odd = Metric.gauge("odd", "", "a\\b\n\"c\"").add(Labels.NONE.with("name", "a\\b\n\"c\""), 1).build();
        assertEquals("""
                # HELP odd a\\\\b\\n"c"
                # TYPE odd gauge
                odd{name="a\\\\b\\n\\"c\\""} 1
                """, prometheus(odd));
    }

    @Test
    void histogramTellsHowManyWereUpToEachBound() {
        var histogram = new Histogram();
        histogram.record(5_000_000);
        histogram.record(5_000_001);
        histogram.record(11_000_000_000L);
        String text = prometheus(
                Metric.histogram("wait", "Waits.").histogram(GREEN, histogram.snapshot()).build());
        List<String> lines = text.lines().toList();
        assertEquals("# TYPE wait_seconds histogram", lines.get(1));
        assertEquals("wait_seconds_bucket{a_colour=\"green\",le=\"0.005\"} 1", lines.get(2));
        assertEquals("wait_seconds_bucket{a_colour=\"green\",le=\"0.01\"} 2", lines.get(3));
        assertTrue(lines.contains("wait_seconds_bucket{a_colour=\"green\",le=\"10\"} 2"));
        assertTrue(lines.contains("wait_seconds_bucket{a_colour=\"green\",le=\"+Inf\"} 3"));
        assertTrue(lines.contains("wait_seconds_count{a_colour=\"green\"} 3"));
        assertTrue(lines.contains("wait_seconds_sum{a_colour=\"green\"} 11.010000001"));
    }

    @Test
    void seriesOfTheSameLabelsAreOne() {
        Metric twice = Metric.gauge("jars", "", "Jars.").add(GREEN, 1).add(GREEN, 2).build();
        assertEquals(1, prometheus(twice).lines().filter(line -> line.equals("jars{a_colour=\"green\"} 3")).count());
    }

    @Test
    void metricWithoutSeriesIsLeftOut() {
        assertEquals("", prometheus(Metric.gauge("jars", "", "Jars.").build()));
    }

    @Test
    void strangersMakeNoSeriesWithoutEnd() {
        var http = new HttpMetrics();
        for (int i = 0; i < 3 * Histograms.MAX_SERIES; i++) {
            http.served(served("METHOD" + i, "/users/{id}", 200));
            http.requested(served("GET", null, 200), "host-" + i, 80);
        }
        List<Metric> all = new ArrayList<>();
        http.addTo(all);
        assertEquals(1, all.getFirst().samples().size());
        assertTrue(prometheus(all.getFirst()).contains("http_request_method=\"_OTHER\""));
        assertEquals(Histograms.MAX_SERIES + 1, all.getLast().samples().size());
        assertTrue(prometheus(all.getLast()).contains(
                "http_client_request_duration_seconds_count{otel_metric_overflow=\"true\"} "
                        + 2 * Histograms.MAX_SERIES));

        var gauge = Metric.gauge("jars", "", "Jars.");
        for (int i = 0; i < 3 * Histograms.MAX_SERIES; i++) {
            gauge.add(Labels.NONE.with("name", "jar " + i), 1);
        }
        assertEquals(Histograms.MAX_SERIES + 1, gauge.build().samples().size());
    }

    @Test
    void requestIsToldByMethodRouteAndStatusAndWhyItFailed() {
        var http = new HttpMetrics();
        http.served(served("GET", "/users/{id}", 503));
        http.served(served("GET", null, 404));
        http.requested(new HttpRequest("GET", null, "https", null, 0, "java.io.IOException", -1, 1), "example.com",
                443);
        List<Metric> all = new ArrayList<>();
        http.addTo(all);
        String text = prometheus(all.toArray(Metric[]::new));
        for (String series : List.of(
                "http_server_request_duration_seconds_count{http_request_method=\"GET\",url_scheme=\"http\","
                        + "http_route=\"/users/{id}\",http_response_status_code=\"503\","
                        + "network_protocol_version=\"1.1\",error_type=\"503\"} 1",
                "http_server_request_duration_seconds_count{http_request_method=\"GET\",url_scheme=\"http\","
                        + "http_response_status_code=\"404\",network_protocol_version=\"1.1\"} 1",
                "http_client_request_duration_seconds_count{http_request_method=\"GET\",url_scheme=\"https\","
                        + "server_address=\"example.com\",server_port=\"443\",error_type=\"java.io.IOException\"} 1")) {
            assertTrue(text.contains(series + "\n"), () -> series + " is not in\n" + text);
        }
    }

    private static HttpRequest served(String method, String route, int status) {
        return new HttpRequest(method, route, "http", "HTTP/1.1", status, null, 3, 2_000_000);
    }

    @Test
    void scraperGetsTheFormatThatItAsksFor() {
        assertFalse(Registry.prefersOpenMetrics(""));
        assertFalse(Registry.prefersOpenMetrics("*/*"));
        assertFalse(Registry.prefersOpenMetrics("text/plain;version=0.0.4,application/openmetrics-text;q=0.5"));
        assertFalse(Registry.prefersOpenMetrics("application/openmetrics-text;q=0"));
        assertFalse(Registry.prefersOpenMetrics("application/openmetrics-text;q=rubbish"));
        assertTrue(Registry.prefersOpenMetrics("application/openmetrics-text"));
        assertTrue(Registry.prefersOpenMetrics(
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
                        + "text/plain;version=0.0.4;q=0.3,*/*;q=0.1"));
    }
}
