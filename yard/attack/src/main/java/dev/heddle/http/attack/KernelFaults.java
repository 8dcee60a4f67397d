package dev.heddle.http.attack;

import dev.heddle.engine.Engines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The faults of the kernel: they take from a {@link Service} what the kernel gives: descriptors, memory, time to run, room on the disk, a clock that
 * goes forwards. Writes what its users see to {@code docs/reports/kernel-faults.md}, and fails if that is not what it
 * should be, or if the service is not whole again afterwards.
 *
 * <p>Needs Linux, root for the disk (a small tmpfs), and gcc for the clock, which is put in front of the C library's.
 *
 * <p>Arguments: how many seconds processes are stopped, and the engines; all that work here if none is named.
 */
public final class KernelFaults {

    private static final int DESCRIPTORS = 150;

    /** In front of the C library's clock: the system's time and some seconds, which stand in a file. */
    private static final String CLOCK = """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <time.h>
            int clock_gettime(clockid_t id, struct timespec *now) {
              static int (*real)(clockid_t, struct timespec *);
              if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
              int result = real(id, now);
              if (id == CLOCK_REALTIME) {
                FILE *file = fopen(getenv("CLOCK_OFFSET"), "r");
                long seconds = 0;
                if (file) { if (fscanf(file, "%ld", &seconds) != 1) seconds = 0; fclose(file); }
                now->tv_sec += seconds;
              }
              return result;
            }
            """;

    private final int seconds;
    private final String engine;
    private final StringBuilder rows;
    private boolean good = true;

    private KernelFaults(int seconds, String engine, StringBuilder rows) {
        this.seconds = seconds;
        this.engine = engine;
        this.rows = rows;
    }

    static void main(String... arguments) throws Exception {
        int seconds = Integer.parseInt(arguments[0]);
        List<String> engines = arguments.length > 1
                ? List.of(arguments).subList(1, arguments.length)
                : Engines.offers().stream().filter(offer -> offer.whyNot().isEmpty()).map(Engines.Offer::name).toList();
        var rows = new StringBuilder();
        boolean good = true;
        for (String engine : engines) {
            var faults = new KernelFaults(seconds, engine, rows);
            faults.descriptors();
            faults.heap();
            faults.addressSpace();
            faults.stopped();
            faults.disk();
            faults.clock();
            good &= faults.good;
        }
        Path report = Path.of("docs", "reports", "kernel-faults.md");
        Files.writeString(report, page() + rows);
        System.out.println("see " + report.toAbsolutePath());
        if (!good) {
            System.err.println("something is not as it should be");
            System.exit(1);
        }
    }

    // ---- the faults ----

    private void descriptors() throws Exception {
        Path folder = folder();
        try (var service = service(List.of("prlimit", "--nofile=" + DESCRIPTORS), Map.of(), folder)) {
            service.ask("/pool");
            List<Socket> taken = new ArrayList<>();
            for (int i = 0; i < 2 * DESCRIPTORS; i++) {
                taken.add(new Socket(InetAddress.getLoopbackAddress(), service.echo()));
            }
            String kept = service.ask("/file") + "; " + service.ask("/pool");
            long busy = service.busyMillis();
            Thread.sleep(3_000);
            busy = service.busyMillis() - busy;
            for (Socket socket : taken) {
                socket.close();
            }
            row("no descriptor is left (`prlimit --nofile`)",
                    "who connects waits; a kept connection gets from a file and from the pool: " + kept
                            + "; the service uses " + busy + " ms of 3 s",
                    busy < 600 && isWhole(service));
        }
    }

    private void heap() throws Exception {
        Path folder = folder();
        try (var service = service(List.of(), Map.of(), folder, "-Xmx96m")) {
            String eaten = service.ask("/eat");
            row("the heap is full (`-Xmx96m`)", "the handler that asks for more: " + eaten,
                    eaten.startsWith("500") && isWhole(service));
        }
    }

    private void addressSpace() throws Exception {
        Path folder = folder();
        try (var service = service(List.of(), Map.of(), folder, "-Xmx128m")) {
            service.ask("/file");
            long size = Long.parseLong(Files.readString(Path.of("/proc/" + service.pid() + "/statm")).split(" ", -1)[0])
                    * 4096;
            ServiceProcess.run("prlimit", "--pid", "" + service.pid(), "--as=" + size + ":unlimited");
            String plain = service.ask("/");
            String file = service.ask("/file");
            String pool = service.ask("/pool");
            ServiceProcess.run("prlimit", "--pid", "" + service.pid(), "--as=unlimited:unlimited");
            row("the kernel gives no more memory (`prlimit --as`)",
                    "plain: " + plain + "; file: " + file + "; pool: " + pool,
                    plain.startsWith("200") && isWhole(service));
        }
    }

    private void stopped() throws Exception {
        Path folder = folder();
        try (var service = service(List.of(), Map.of(), folder)) {
            // The service itself.
            var sleeper = CompletableFuture.supplyAsync(() -> service.ask("/sleep/2000"));
            var late = CompletableFuture.supplyAsync(() -> service.ask("/late"));
            Thread.sleep(1_000);
            service.stop(service.pid());
            Thread.sleep(1_000L * seconds);
            var meanwhile = CompletableFuture.supplyAsync(() -> service.ask("/"));
            Thread.sleep(1_000);
            long since = System.nanoTime();
            service.signal("CONT", service.pid());
            String seen = "a sleep of 2 s: " + sleeper.join() + " ms; a deadline of 5 s: " + late.join()
                    + "; who asked meanwhile: " + meanwhile.join();
            row("the service is stopped for " + seconds + " s (`SIGSTOP`)",
                    seen + "; all within " + Duration.ofNanos(System.nanoTime() - since).toMillis() + " ms",
                    sleeper.join().startsWith("200") && late.join().startsWith("503")
                            && meanwhile.join().startsWith("200") && isWhole(service));

            // A child of its pool.
            long child = Long.parseLong(service.ask("/pool").substring(4));
            service.stop(child);
            String stuck = service.ask("/pool");
            String next = service.ask("/pool");
            row("a child of the pool is stopped",
                    "a body under a deadline of 5 s: " + stuck + "; the next one: " + next,
                    stuck.startsWith("503") && next.startsWith("200") && isWhole(service)
                            && !ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false));

            // A client, in the middle of 32 MiB.
            Process client = new ProcessBuilder("curl", "-s", "-o", "/dev/null", "-w", "%{http_code} %{size_download}",
                    "--limit-rate", "4M", service.uri("/big").toString()).start();
            Thread.sleep(1_500);
            service.stop(client.pid());
            boolean others = true;
            for (int i = 0; i < seconds; i++) {
                Thread.sleep(1_000);
                others &= service.ask("/").equals("200 hello");
            }
            service.signal("CONT", client.pid());
            String got = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    + ", exit status " + client.waitFor();
            row("a client is stopped for " + seconds + " s in the middle of 32 MiB",
                    "it gets: " + got + "; all others are served meanwhile: " + others, others && isWhole(service));
        }
    }

    private void disk() throws Exception {
        Path folder = folder();
        ServiceProcess.run("mount", "-t", "tmpfs", "-o", "size=2m", "none", folder.toString());
        try {
            Files.writeString(folder.resolve("data"), "data");
            try (var service = service(List.of(), Map.of(), folder, "-Djava.io.tmpdir=" + folder)) {
                String upload = service.upload(8 << 20);
                String download = service.ask("/download");
                boolean left = Files.exists(folder.resolve("download")) || Files.exists(folder.resolve("upload"));
                Files.deleteIfExists(folder.resolve("upload"));
                Files.deleteIfExists(folder.resolve("download"));
                fill(folder.resolve("fill"));
                String pool = service.ask("/pool");
                String plain = "";
                for (int i = 0; i < 200; i++) {
                    // More records than the last page of the access log takes.
                    plain = service.ask("/");
                }
                Thread.sleep(2_000);
                boolean told = service.log().contains("access log");
                Files.delete(folder.resolve("fill"));
                row("the disk is full (a tmpfs of 2 MiB)",
                        "upload: " + upload + "; download to a file: " + download + "; a part is left: " + left
                                + "; pool: " + pool + "; 200 plain ones, with an access log: " + plain
                                + "; told that the log's records are lost: " + told,
                        upload.startsWith("507") && download.startsWith("5") && !left && plain.startsWith("200")
                                && told && isWhole(service));
            }
        } finally {
            ServiceProcess.run("umount", "-l", folder.toString());
        }
    }

    private static void fill(Path file) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            while (true) {
                out.write(new byte[512]);
            }
        } catch (IOException e) {
            // Full, as it was to be.
            if (Files.size(file) == 0) {
                throw e;
            }
        }
    }

    private void clock() throws Exception {
        Path folder = folder();
        Path offset = Files.writeString(folder.resolve("offset"), "0");
        Path source = Files.writeString(folder.resolve("clock.c"), CLOCK);
        Path library = folder.resolve("clock.so");
        ServiceProcess.run("gcc", "-shared", "-fPIC", "-o", library.toString(), source.toString(), "-ldl");
        try (var service = service(List.of(),
                Map.of("LD_PRELOAD", library.toString(), "CLOCK_OFFSET", offset.toString()), folder)) {
            for (int step : new int[]{86_400, -86_400}) {
                var sleeper = CompletableFuture.supplyAsync(() -> service.ask("/sleep/3000"));
                Thread.sleep(1_000);
                Files.writeString(offset, "" + step);
                ZonedDateTime expected = ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(step);
                // The line with the date is kept for a second.
                Thread.sleep(1_500);
                ZonedDateTime date = ZonedDateTime.parse(service.date(), DateTimeFormatter.RFC_1123_DATE_TIME);
                long off = Math.abs(Duration.between(expected, date).toSeconds());
                String slept = sleeper.join();
                long millis = Long.parseLong(slept.substring(4));
                row("the clock steps by " + (step > 0 ? "a day forwards" : "two days backwards"),
                        "a sleep of 3 s: " + millis + " ms; Date is right but for " + off + " s",
                        millis >= 3_000 && millis < 6_000 && off < 10 && isWhole(service));
            }
        }
    }

    // ---- the service ----

    private ServiceProcess service(List<String> before, Map<String, String> environment, Path folder, String... options)
            throws IOException, InterruptedException {
        return new ServiceProcess(engine, before, environment, folder, options);
    }

    private static Path folder() throws IOException {
        Path folder = Files.createTempDirectory("kernel");
        Files.writeString(folder.resolve("data"), "data");
        return folder;
    }

    /** Whether everything works, soon. */
    private static boolean isWhole(ServiceProcess service) throws InterruptedException, IOException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        String last = "";
        while (service.isAlive() && System.nanoTime() < end) {
            last = service.ask("/") + ", " + service.ask("/file") + ", " + service.ask("/pool") + ", echo "
                    + service.echoes() + ", " + service.upload(1_000);
            if (last.matches("200 hello, 200 data, 200 \\d+, echo true, 200 1000")) {
                return true;
            }
            Thread.sleep(200);
        }
        System.err.println("not whole: " + last + "\n" + service.log());
        return false;
    }

    private void row(String fault, String seen, boolean asItShould) {
        good &= asItShould;
        String row = "| %s | %s | %s | %s |%n".formatted(fault, engine, seen.replace('|', '/'),
                asItShould ? "nothing" : "**NOT AS IT SHOULD BE**");
        rows.append(row);
        System.out.print(row);
    }

    private static String page() {
        return """
                # Faults of the kernel

                A service (HTTP, TLS, files, uploads, a process pool, an echo over TCP) in a process of its own, from which the kernel takes
                something: descriptors, memory, time to run, room on the disk, a steady clock. "Seen" is what its users get; the JDK's client and
                curl ask. After each fault everything must work again within 30 s in the same process, otherwise the run fails.

                ```sh
                mvn -B -Pkernel verify -pl :heddle-attack -am -DskipTests    # -Dkernel.seconds=30 -Dkernel.engines="nio epoll io_uring"
                ```

                Linux only; as root, for the disk; gcc, for the clock, which is put in front of the C library's.

                Found by it: the log of the JDK reads its time zones at its first entry, so where no descriptor was left, the entry about just that
                ended the server. Now such an entry goes to the standard error. A program that runs from folders of classes instead of jars can
                lack a class in the same way; nothing helps there but jars. Left out: the expiry of certificates and cookies while the clock
                steps.

                | fault | engine | seen | lost |
                |---|---|---|---|
                """;
    }
}
