package dev.heddle.http.attack;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.TaskGroup;
import dev.heddle.engine.Engines;
import dev.heddle.http.WebSocket;
import dev.heddle.http.client.HttpClient;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;
import dev.heddle.tls.ClientTls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Hours of everyday life for a {@link Service}: HTTP/1 and HTTP/2, TLS, WebSockets, files, bodies of a process pool,
 * requests that are cancelled, peers that die or fall silent, at a steady rate. Each 30 s it takes a sample of the
 * service, after a collection, and of how long its users waited. Writes the slopes of all into {@code
 * docs/reports/soak.md}, and fails if one of them rises.
 *
 * <p>A slope is zero if it is within three times its standard error, or if it makes less than a hundredth of the mean in
 * an hour. The first fifth of the samples is left out: the JVM still compiles.
 *
 * <p>Arguments: seconds for each engine; requests per second, or 0 for half of what 16 users who never rest get; the
 * engines, all that work here if none is named.
 */
public final class Soak {

    private static final Duration SAMPLE = Duration.ofSeconds(30);
    private static final Duration MEASURE = Duration.ofSeconds(10);
    private static final int USERS = 16;

    /** What dead peers hold at most at once, and for how long. */
    private static final int MAX_DEAD = 200;

    private static final Duration DEAD_TIME = Duration.ofSeconds(20);
    private static final List<String> WHAT = List.of(
            "heap after GC, bytes", "RSS, bytes", "descriptors", "threads", "tasks", "p99, ns");

    private final ServiceProcess service;
    private final HttpClient http = HttpClient.create();
    private final HttpClient secure = HttpClient.builder().tls(ClientTls.DEFAULT.insecure()).build();
    private final Random random = new Random(1);
    private List<Long> nanos = new ArrayList<>();
    private int dead;
    private long asked;
    private long failed;

    private Soak(ServiceProcess service) {
        this.service = service;
    }

    static void main(String... arguments) throws Exception {
        int seconds = Integer.parseInt(arguments[0]);
        int rate = Integer.parseInt(arguments[1]);
        List<String> engines = arguments.length > 2
                ? List.of(arguments).subList(2, arguments.length)
                : Engines.offers().stream().filter(offer -> offer.whyNot().isEmpty()).map(Engines.Offer::name).toList();
        var rows = new StringBuilder();
        boolean good = true;
        for (String engine : engines) {
            Path folder = Files.createTempDirectory("soak");
            Files.write(folder.resolve("data"), new byte[100_000]);
            try (var service = ServiceProcess.steady(engine, folder)) {
                good &= Heddle.run(() -> new Soak(service).run(engine, seconds, rate, rows));
            }
        }
        Report.write("soak.md", rows.toString());
        if (!good) {
            System.err.println("something rises, or requests have failed");
            System.exit(1);
        }
    }

    private boolean run(String engine, int seconds, int wanted, StringBuilder rows) throws Exception {
        int rate = wanted > 0 ? wanted : Math.max(1, capacity() / 2);
        nanos = new ArrayList<>();
        asked = 0;
        failed = 0;
        List<double[]> samples = new ArrayList<>();
        try (http; secure) {
            Heddle.group(group -> {
                group.spawnService("load", () -> load(group, rate));
                for (long left = seconds; left > 0; left -= SAMPLE.toSeconds()) {
                    Heddle.sleep(SAMPLE);
                    samples.add(sample());
                }
                group.cancel("the time is over");
            });
        }
        var table = new StringBuilder();
        boolean good = failed * 1_000 < asked;
        for (int i = 0; i < WHAT.size(); i++) {
            var slope = Slope.of(samples.subList(samples.size() / 5, samples.size()), i, SAMPLE);
            good &= !slope.rises();
            table.append("| %s | %s | %.0f | %+.0f ± %.0f | %s |%n".formatted(
                    engine, WHAT.get(i), slope.mean(), slope.perHour(), 3 * slope.error(),
                    slope.rises() ? "**rises**" : "zero"));
        }
        String head = "%n%s: %d s, %d requests a second, %d in all, %d failed, %d samples%n%n".formatted(
                engine, seconds, rate, asked, failed, samples.size())
                + "| engine | what | mean | slope in an hour, 3 standard errors | verdict |\n|---|---|---|---|---|\n";
        rows.append(head).append(table);
        System.out.print(head + table);
        return good;
    }

    // ---- the load ----

    /** How many requests a second users get who never rest. */
    private int capacity() {
        long end = System.nanoTime() + MEASURE.toNanos();
        Heddle.group(group -> {
            for (int i = 0; i < USERS; i++) {
                group.spawn("user", () -> {
                    while (System.nanoTime() < end) {
                        one();
                    }
                });
            }
        });
        return (int) (asked / MEASURE.toSeconds());
    }

    private void load(TaskGroup group, int rate) {
        long start = System.nanoTime();
        for (long n = 0;; n++) {
            long due = start + n * 1_000_000_000L / rate;
            long wait = due - System.nanoTime();
            if (wait > 0) {
                Heddle.sleep(Duration.ofNanos(wait));
            } else {
                Heddle.checkpoint();
            }
            group.spawn("user", this::one);
        }
    }

    private void one() {
        asked++;
        long start = System.nanoTime();
        try {
            act();
            nanos.add(System.nanoTime() - start);
        } catch (CancelledException e) {
            throw e;
        } catch (HeddleException e) {
            failed++;
        }
    }

    private void act() {
        String plain = "http://127.0.0.1:" + service.plain();
        switch (random.nextInt(20)) {
            case 0 -> {
                try (WebSocket socket = http.webSocket("ws://127.0.0.1:" + service.plain() + "/echo").connect()) {
                    socket.sendText("hello");
                    socket.receive();
                }
            }
            case 1 -> http.get(plain + "/file").expectSuccess().bytes();
            case 2 -> http.get(plain + "/pool").expectSuccess().text();
            case 3 -> Heddle.moveOnAfter(Duration.ofMillis(20), () -> {
                http.get(plain + "/late").close();
            });
            case 4 -> die();
            case 5 -> {
                try (HttpClient fresh = HttpClient.builder().tls(ClientTls.DEFAULT.insecure()).http1Only().build()) {
                    fresh.get("https://127.0.0.1:" + service.secure() + "/").expectSuccess().text();
                }
            }
            case 6, 7, 8, 9 -> secure.get("https://127.0.0.1:" + service.secure() + "/").expectSuccess().text();
            default -> http.get(plain + "/").expectSuccess().text();
        }
    }

    /** A peer that begins and falls silent, or resets at once if there are many of those. */
    private void die() {
        ByteStream stream = Tcp.connect("127.0.0.1", service.plain());
        stream.write("GET / HTTP/1.1\r\nHost: a\r\nX-Half");
        if (dead >= MAX_DEAD || random.nextBoolean()) {
            stream.abort();
            return;
        }
        dead++;
        Heddle.currentLoop().spawn("dead peer", () -> {
            try (stream) {
                Heddle.sleep(DEAD_TIME);
            } finally {
                dead--;
            }
        });
    }

    // ---- samples ----

    private double[] sample() {
        List<Long> sorted = nanos.stream().sorted(Comparator.naturalOrder()).toList();
        nanos = new ArrayList<>();
        String[] told = http.get("http://127.0.0.1:" + service.plain() + "/sample").expectSuccess().text().split(" ",
                -1);
        double[] sample = new double[WHAT.size()];
        for (int i = 0; i < told.length; i++) {
            sample[i] = Double.parseDouble(told[i]);
        }
        sample[told.length] = sorted.isEmpty() ? 0 : sorted.get(sorted.size() * 99 / 100);
        return sample;
    }
}
