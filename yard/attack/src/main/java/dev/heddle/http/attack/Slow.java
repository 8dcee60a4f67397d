package dev.heddle.http.attack;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.http.client.HttpClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The slow attacks: slowhttptest in its four modes against a Heddle server while a good client asks at a steady pace, and writes
 * what the good client felt to {@code docs/reports/slowhttptest.md}. Fails if its p99 is twice that of the calm, or a
 * request failed.
 *
 * <p>Each attack is made twice: once against a second server, as the control, since the tool alone keeps a processor
 * busy. The calm is the worse of the two that have no attack on the server: nothing at all, and the control.
 *
 * <p>Arguments: slow connections, and the seconds that an attack lasts.
 */
public final class Slow {

    /** The good client asks so often, on a connection of its own each tenth time. */
    private static final Duration PACE = Duration.ofMillis(10);

    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");
    private static final Pattern COUNT = Pattern.compile("(connected|error|closed): +(\\d+)");

    private enum Mode {
        HEADERS("-H", "headers that never end", "-i 5 -x 24 -t GET"),
        BODY("-B", "a body of 8 KiB, byte by byte", "-i 5 -s 8192 -x 10 -t POST"),
        RANGES("-R", "a Range of a thousand pieces", "-a 10 -b 3000 -t HEAD"),
        READ("-X", "4 MiB read 32 bytes at a time", "-w 512 -y 1024 -n 5 -z 32 -k 3");

        final String option;
        final String what;
        final String more;

        Mode(String option, String what, String more) {
            this.option = option;
            this.what = what;
            this.more = more;
        }
    }

    private Slow() {}

    /**
     * What the good client felt.
     *
     * @param requests that were answered
     * @param median milliseconds
     * @param p99 milliseconds
     */
    private record Felt(int requests, int failed, double median, double p99) {

        static Felt of(List<Long> nanos, int failed) {
            var sorted = nanos.stream().sorted().toList();
            int count = sorted.size();
            return count == 0
                    ? new Felt(0, failed, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY)
                    : new Felt(count, failed, sorted.get(count / 2) / 1e6, sorted.get(count * 99 / 100) / 1e6);
        }
    }

    /**
     * One attack.
     *
     * @param most connections that were open at once, as the tool counts them
     */
    private record Attack(Felt felt, int most) {}

    static void main(String... arguments) throws IOException, InterruptedException {
        int connections = Integer.parseInt(arguments[0]);
        int seconds = Integer.parseInt(arguments[1]);
        var rows = new StringBuilder();
        boolean good = true;
        try (Garden server = Garden.startHeddle(); Garden control = Garden.startHeddle()) {
            int port = port(server);
            ask(port, Duration.ofSeconds(5));
            Felt calm = ask(port, Duration.ofSeconds(10));
            rows.append(row("nothing", 0, calm));
            for (Mode mode : Mode.values()) {
                Attack elsewhere = attack(mode, port(control), port, connections, seconds);
                Attack here = attack(mode, port, port, connections, seconds);
                rows.append(row(mode.what + ", at the other server", elsewhere.most, elsewhere.felt));
                rows.append(row(mode.what, here.most, here.felt));
                double bound = 2 * Math.max(calm.p99, elsewhere.felt.p99);
                good &= here.felt.p99 <= bound && here.felt.failed == 0;
                System.out.printf("%s: p99 %.2f ms, bound %.2f%n", mode, here.felt.p99, bound);
            }
        }
        Path report = Path.of("docs", "reports", "slowhttptest.md");
        Files.createDirectories(report.getParent());
        Files.writeString(report, page(connections) + rows);
        System.out.println("see " + report.toAbsolutePath());
        if (!good) {
            System.err.println("the good client felt an attack");
            System.exit(1);
        }
    }

    private static int port(Garden garden) {
        return garden.ports().values().iterator().next();
    }

    private static String row(String what, int most, Felt felt) {
        return "| %s | %d | %d | %d | %.2f | %.2f |%n".formatted(
                what, most, felt.requests, felt.failed, felt.median, felt.p99);
    }

    private static Attack attack(Mode mode, int attacked, int asked, int connections, int seconds)
            throws IOException, InterruptedException {
        Path log = Files.createTempFile("slow", ".log");
        String path = mode == Mode.RANGES || mode == Mode.READ ? "/files/large" : "/";
        var command = new ArrayList<>(List.of(
                "slowhttptest", mode.option, "-c", "" + connections, "-r", "" + connections / 5, "-l", "" + seconds,
                "-p", "5",
                "-u", "http://127.0.0.1:" + attacked + path));
        command.addAll(List.of(mode.more.split(" ", -1)));
        Process tool = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            // While its connections are being made and after, to a little before its end.
            Felt felt = ask(asked, Duration.ofSeconds(seconds - 2));
            tool.waitFor();
            return new Attack(felt, mostConnected(Files.readString(log, StandardCharsets.ISO_8859_1)));
        } finally {
            tool.destroyForcibly().onExit().join();
            Files.delete(log);
        }
    }

    private static int mostConnected(String log) {
        Matcher counts = COUNT.matcher(COLOUR.matcher(log).replaceAll(""));
        int most = 0;
        while (counts.find()) {
            if (counts.group(1).equals("connected")) {
                most = Math.max(most, Integer.parseInt(counts.group(2)));
            }
        }
        return most;
    }

    private static Felt ask(int port, Duration time) {
        return Heddle.run(() -> {
            var nanos = new ArrayList<Long>();
            int failed = 0;
            long end = System.nanoTime() + time.toNanos();
            try (HttpClient http = HttpClient.create()) {
                for (int n = 0; System.nanoTime() < end; n++) {
                    long start = System.nanoTime();
                    try {
                        askOnce(n % 10 == 0 ? null : http, port);
                        nanos.add(System.nanoTime() - start);
                    } catch (CancelledException e) {
                        throw e;
                    } catch (HeddleException e) {
                        failed++;
                    }
                    Heddle.sleep(PACE);
                }
            }
            return Felt.of(nanos, failed);
        });
    }

    private static void askOnce(@Nullable HttpClient kept, int port) {
        String url = "http://127.0.0.1:" + port + "/";
        if (kept != null) {
            kept.get(url).expectSuccess().text();
            return;
        }
        try (HttpClient fresh = HttpClient.create()) {
            fresh.get(url).expectSuccess().text();
        }
    }

    private static String page(int connections) {
        return """
                # Slow attacks

                slowhttptest opens %d connections and is slow on each of them, in its four modes, while a good client asks the same server a
                hundred times a second, each tenth time on a new connection. The tool itself keeps a processor busy, so each attack is made
                against another server too, as the control.

                ```sh
                mvn -B -Pslow -pl :heddle-attack -am verify -DskipTests    # -Dslow.connections=5000 -Dslow.seconds=40
                ```

                The run fails if the good client's p99 is above twice the calm, the worse of no attack and the control, or if one of its requests
                fails. Times are milliseconds.

                | attack | most open | good requests | failed | median | p99 |
                |---|---|---|---|---|---|
                """
                .formatted(connections);
    }
}
