package dev.heddle.cli.sight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.conformance.PlantedBug;
import dev.heddle.observe.Metrics;
import dev.heddle.sync.BarrierStatistics;
import dev.heddle.sync.CircuitBreaker;
import dev.heddle.sync.CircuitBreakerOptions;
import dev.heddle.sync.CircuitBreakerStatistics;
import dev.heddle.sync.ConcurrencyLimiterStatistics;
import dev.heddle.sync.EventStatistics;
import dev.heddle.sync.MutexStatistics;
import dev.heddle.sync.SemaphoreStatistics;
import java.lang.ref.Reference;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pantry.NamedParts;

/** What the metrics and the commands show is what a program that counts by itself knows. */
final class FiguresShownTest {

    private static final String NAME = "ledger";

    @Test
    void requestsAreCountedByTheirMethodRouteAndStatus() {
        for (long seed = 1; seed <= 3; seed++) {
            assertEquals("", new CountedRoutes().apply(seed));
        }
    }

    /** A part of a name of ours, of which each figure has another value than zero as far as it can. */
    private record Part(Class<?> type, Supplier<?> told) {}

    @Test
    void metricsAndPoolsShowEachFigureOfTheStatistics() {
        Heddle.run(() -> Heddle.group(group -> {
            Map<String, Part> parts = new LinkedHashMap<>();
            NamedParts named = NamedParts.of(NAME);
            named.semaphore().acquire();
            named.semaphore().acquire();
            named.limiter().acquire();
            named.mutex().acquire();
            CircuitBreaker breaker = CircuitBreaker.of(NAME, CircuitBreakerOptions.DEFAULT);
            breaker.run(() -> {});
            parts.put("semaphore", new Part(SemaphoreStatistics.class, named.semaphore()::statistics));
            parts.put("limiter", new Part(ConcurrencyLimiterStatistics.class, named.limiter()::statistics));
            parts.put("mutex", new Part(MutexStatistics.class, named.mutex()::statistics));
            parts.put("event", new Part(EventStatistics.class, named.event()::statistics));
            parts.put("barrier", new Part(BarrierStatistics.class, named.barrier()::statistics));
            parts.put("circuit breaker", new Part(CircuitBreakerStatistics.class, breaker::statistics));
            group.spawn(named.semaphore()::acquire);
            group.spawn(named.limiter()::acquire);
            group.spawn(named.mutex()::acquire);
            group.spawn(named.event()::await);
            group.spawn(() -> {
                named.barrier().await();
            });
            Heddle.checkpoint();
            List<String> metrics = Heddle.offload(Metrics::text).lines().toList();
            for (Map.Entry<String, Part> part : parts.entrySet()) {
                Object now = part.getValue().told.get();
                for (Method figure : part.getValue().type.getMethods()) {
                    shown(part.getKey(), figure.getName(), figure.invoke(now), metrics);
                }
            }
            Reference.reachabilityFence(List.of(named, breaker));
            group.cancel("all is seen");
        }));
    }

    private static void shown(String type, String figure, Object value, List<String> metrics) {
        if (!(value instanceof Number) && !(value instanceof Boolean)) {
            return; // words, and who has what, are no numbers
        }
        long number = value instanceof Boolean truth ? (truth ? 1 : 0) : ((Number) value).longValue();
        String name = "heddle_" + type.replace(' ', '_') + "_" + (figure.equals("total") ? "tokens" : figure);
        List<String> told = metrics.stream()
                .filter(line -> line.replace("_total{", "{").startsWith(name + "{heddle_name=\"" + NAME + "\"}"))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .toList();
        assertEquals(List.of("" + number), told,
                () -> name + " in " + metrics.stream().filter(line -> line.contains(NAME)).toList());
    }

    @Tag("full")
    @Test
    void poolsPsAndConnectionsShowWhatTheProgramHasCounted(@TempDir Path directory) throws Exception {
        try (var programs = new ObservedPrograms(directory)) {
            Process process = programs.start("""
                    run(() -> {
                        var semaphore = BoundedSemaphore.named("ledger", 2);
                        var limiter = ConcurrencyLimiter.named("ledger", 3);
                        var queue = WorkQueue.<String>fifo(4);
                        var server = HttpServer.builder()
                                .get("/ok", request -> Response.text("ok"))
                                .get("/late", request -> {
                                    sleep(Duration.ofHours(1));
                                    return Response.text("late");
                                })
                                .start("127.0.0.1", 0);
                        semaphore.acquire();
                        semaphore.acquire();
                        limiter.acquire();
                        queue.put("one");
                        queue.put("two");
                        queue.take();
                        var http = HttpClient.create();
                        String url = "http://127.0.0.1:" + server.port();
                        for (int i = 0; i < 5; i++) {
                            http.get(url + "/ok").text();
                        }
                        http.get(url + "/nowhere").text();
                        for (int i = 0; i < 3; i++) {
                            spawn("waits", () -> semaphore.acquire());
                        }
                        for (int i = 0; i < 2; i++) {
                            spawn("late", () -> http.get(url + "/late"));
                        }
                        sleep(Duration.ofMillis(300));
                        IO.println("ready");
                        sleep(Duration.ofHours(1));
                    });""");
            String pid = "" + process.pid();
            Map<String, AnswerLine> parts = programs.heddle("pools", "--json", pid).lines().stream()
                    .map(AnswerLine::parse)
                    .collect(Collectors.toMap(line -> line.text("type"), Function.identity(), (one, other) -> one));
            agree(parts, "semaphore", Map.of("permits", 2L, "available", 0L, "waiting", 3L));
            agree(parts, "limiter", Map.of("total", 3L, "borrowed", 1L, "waiting", 0L));
            agree(parts, "queue",
                    Map.of("capacity", 4L, "size", 1L, "unfinished", 2L, "waitingPutters", 0L, "waitingTakers", 0L));
            agree(parts, "server",
                    Map.of("connections", 2L, "accepted", 2L, "inFlight", 2L, "requests", 8L, "successes", 5L,
                            "redirections", 0L, "clientErrors", 1L, "serverErrors", 0L, "unanswered", 0L));
            agree(parts, "client", Map.of("connections", 2L, "idle", 0L, "waiting", 0L, "opened", 2L, "reused", 6L));
            List<AnswerLine> connections = programs.heddle("connections", "--json", pid).lines().stream()
                    .map(AnswerLine::parse)
                    .filter(line -> line.kind().equals("connection"))
                    .toList();
            assertEquals(4, connections.size(), connections::toString); // both ends of two
            long tasks = programs.heddle("tree", pid).lines().stream().filter(line -> line.contains("#")).count();
            AnswerLine program = programs.heddle("ps", "--json").lines().stream().map(AnswerLine::parse)
                    .filter(line -> line.number("pid") == process.pid()).findFirst().orElseThrow();
            assertEquals(tasks, program.number("tasks"), program::toString);
        }
    }

    private static void agree(Map<String, AnswerLine> parts, String type, Map<String, Long> ledger) {
        AnswerLine figures = parts.get(type).object("figures");
        ledger.forEach((figure, own) -> assertEquals(own, figures.number(figure), type + " " + figure));
    }

    @Tag("full")
    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
            "route booked under another; request.scheme(), request.route(); request.scheme(), \"/ledger/a/{status}\"",
            "method booked under another; HttpMethodNames.isKnown(method); HttpMethodNames.isKnown(\"NO\")"
    })
    void plantedSeriesIsFound(String words, String right, String wrong) throws Exception {
        var bug = new PlantedBug(words, Path.of("../../sight/observe/src/main/java"),
                "dev/heddle/observe/internal/metrics/HttpMetrics.java", right, wrong);
        assertTrue(bug.foundBy(CountedRoutes.class, 1).startsWith("the metrics tell "), words);
    }
}
