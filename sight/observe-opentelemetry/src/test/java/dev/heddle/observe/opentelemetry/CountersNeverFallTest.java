package dev.heddle.observe.opentelemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.WorkerPool;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.internal.sight.Part;
import dev.heddle.internal.sight.Parts;
import dev.heddle.observe.Metrics;
import dev.heddle.observe.internal.Figures;
import dev.heddle.process.shared.Manager;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Counters over random lives of what counts: whatever comes and goes, none falls while the process lives. */
final class CountersNeverFallTest {

    /** A reading of all counters by the name of their series. */
    interface Reading {
        Map<String, Double> now();
    }

    /** Remembers what it has read, and notes what has fallen since. */
    private static final class Watch {

        private final String what;
        private final Reading reading;
        private Map<String, Double> before = Map.of();
        private final List<String> fallen = new ArrayList<>();

        Watch(String what, Reading reading) {
            this.what = what;
            this.reading = reading;
        }

        Map<String, Double> look() {
            Map<String, Double> now = reading.now();
            before.forEach((series, count) -> {
                double is = now.getOrDefault(series, 0.0);
                if (is < count) {
                    fallen.add(what + ": " + series + " fell from " + count + " to " + is);
                }
            });
            before = now;
            return now;
        }
    }

    private static Map<String, Double> ofText() {
        Map<String, Double> counters = new HashMap<>();
        String type = "";
        for (String line : Metrics.text().lines().toList()) {
            if (line.startsWith("# TYPE ")) {
                type = line.substring(line.lastIndexOf(' ') + 1);
            } else if (type.equals("counter") && !line.startsWith("#")) {
                int space = line.lastIndexOf(' ');
                counters.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
            }
        }
        return counters;
    }

    /** A reader that collects when it is told to. */
    private static final class Reader implements MetricReader {

        private CollectionRegistration registration = CollectionRegistration.noop();

        @Override
        public void register(CollectionRegistration here) {
            registration = here;
        }

        @Override
        public AggregationTemporality getAggregationTemporality(InstrumentType type) {
            return AggregationTemporality.CUMULATIVE;
        }

        @Override
        public CompletableResultCode forceFlush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    private static Map<String, Double> of(Reader reader) {
        Map<String, Double> counters = new HashMap<>();
        for (MetricData metric : reader.registration.collectAllMetrics()) {
            if (metric.getDoubleSumData().isMonotonic()) {
                metric.getDoubleSumData().getPoints().forEach(
                        point -> counters.put(metric.getName() + point.getAttributes(), point.getValue()));
            }
        }
        return counters;
    }

    // ---- lives ----

    /** Something that counts: what it does, and how it ends. */
    private record Life(Runnable work, Runnable end) {}

    private static Life life(int kind, String url) {
        return switch (kind) {
            case 0 -> {
                HttpClient client = HttpClient.builder().build();
                yield new Life(() -> client.get(url).text(), client::close);
            }
            case 1 -> {
                HttpServer server = HttpServer.builder().get("/", _ -> Response.text("")).start("127.0.0.1", 0);
                yield new Life(() -> {
                    try (HttpClient client = HttpClient.builder().build()) {
                        client.get("http://127.0.0.1:" + server.port() + "/").text();
                    }
                }, server::close);
            }
            case 2 -> {
                WorkerPool pool = WorkerPool.of(1);
                yield new Life(() -> pool.call(() -> 1), pool::close);
            }
            case 3 -> {
                Manager manager = Manager.open();
                var counter = manager.counter();
                yield new Life(() -> counter.addAndGet(1), manager::close);
            }
            default -> new Life(
                    () -> Heddle.offload(() -> {
                        Heddle.run(Config.DEFAULT.withName("short").withSignals(false), Heddle::checkpoint);
                    }),
                    () -> {});
        };
    }

    private static final int KINDS = 5;

    private static List<String> live(long seed, int steps, List<Watch> watches) {
        var random = new Random(seed);
        Heddle.run(() -> {
            try (HttpServer server = HttpServer.builder().get("/", _ -> Response.text("")).start("127.0.0.1", 0)) {
                String url = "http://127.0.0.1:" + server.port() + "/";
                List<Life> lives = new ArrayList<>();
                for (int i = 0; i < steps; i++) {
                    if (lives.size() < 3 || (lives.size() < 12 && random.nextBoolean())) {
                        lives.add(life(random.nextInt(KINDS), url));
                    }
                    for (int k = random.nextInt(5); k > 0; k--) {
                        lives.get(random.nextInt(lives.size())).work.run();
                    }
                    if (random.nextInt(3) == 0) {
                        lives.remove(random.nextInt(lives.size())).end.run();
                    }
                    if (random.nextInt(10) == 0) {
                        System.gc();
                    }
                    watches.forEach(Watch::look);
                }
                lives.forEach(life -> life.end.run());
                watches.forEach(Watch::look);
            }
        });
        return watches.stream().flatMap(watch -> watch.fallen.stream()).distinct().toList();
    }

    @Test
    @Tag("full")
    void noneFallsWhateverComesAndGoes() {
        check(1, 30);
    }

    @Test
    void whatAClosedClientHasDoneStaysInTheTotal() {
        Heddle.run(() -> {
            try (HttpServer server = HttpServer.builder().get("/", _ -> Response.text("")).start("127.0.0.1", 0)) {
                Metrics.text();
                HttpClient client = HttpClient.builder().build();
                for (int i = 0; i < 5; i++) {
                    client.get("http://127.0.0.1:" + server.port() + "/").text();
                }
                double before = ofText().get("heddle_client_reused_total");
                client.get("http://127.0.0.1:" + server.port() + "/").text();
                client.close();

                assertEquals(before + 1, ofText().get("heddle_client_reused_total"));
                Reference.reachabilityFence(client);
            }
        });
    }

    @Test
    void sumOverWhatLivesNowFalls() {
        var planted = new Watch("planted", () -> {
            Map<String, Double> sums = new HashMap<>();
            for (Part<?> part : Parts.all()) {
                part.view().ifPresent(view -> Figures.counters(view.figures()).forEach(name -> sums.merge(
                        view.type() + " " + name,
                        ((Number) Figures.of(view.figures()).get(name)).doubleValue(),
                        Double::sum)));
            }
            return sums;
        });

        assertFalse(live(1, 30, List.of(planted)).isEmpty());
    }

    @Tag("night")
    @Test
    @Timeout(300)
    void noneFallsInLongLives() {
        for (long seed = 2; seed < 6; seed++) {
            check(seed, 200);
        }
    }

    private static void check(long seed, int steps) {
        var reader = new Reader();
        try (OpenTelemetrySdk telemetry = OpenTelemetrySdk.builder()
                .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(reader).build()).build();
                Instruments _ = Instruments.register(telemetry)) {
            assertEquals(List.of(), live(seed, steps, List.of(
                    new Watch("text", CountersNeverFallTest::ofText), new Watch("OpenTelemetry", () -> of(reader)))));
        }
    }
}
