package dev.heddle.http.attack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A {@link Service} in its process, as its neighbours see it: asked by the JDK's client, not by Heddle's. */
final class ServiceProcess implements AutoCloseable {

    /** All of the heap is there from the start, and what is free goes back, as in the servers of the command. */
    private static final String[] STEADY = {"-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch",
            "-XX:TrimNativeHeapInterval=2000"};

    /**
     * What the C library is told: what a compiler has borrowed for one method, in pieces of 32 KiB, goes back at once.
     * Between smaller pieces that live on it would stay, up to 5 MB of it, and look like memory that rises.
     */
    private static final Map<String, String> GIVES_BACK = Map.of("MALLOC_MMAP_THRESHOLD_", "16384");

    private static final long MAX_NANOS_TO_START = 60_000_000_000L;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Path log;
    private final int plain;
    private final int secure;
    private final int echo;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * @param before what the JVM is started by, such as a program that sets limits; may be empty
     * @param folder where the service writes
     */
    ServiceProcess(String engine, List<String> before, Map<String, String> environment, Path folder, String... options)
            throws IOException, InterruptedException {
        log = Files.createTempFile("service", ".log");
        var command = new ArrayList<>(before);
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-opens",
                "java.base/java.lang=ALL-UNNAMED", "--add-exports", "java.base/jdk.internal.vm=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Dheddle.engine=" + engine));
        command.addAll(List.of(options));
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), Service.class.getName(),
                folder.toString()));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        process = builder.start();
        long end = System.nanoTime() + MAX_NANOS_TO_START;
        Optional<String> told = ports();
        while (told.isEmpty()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroyForcibly();
                throw new IOException("the service does not start:\n" + log());
            }
            Thread.sleep(50);
            told = ports();
        }
        String[] ports = told.get().split(" ", -1);
        plain = Integer.parseInt(ports[0]);
        secure = Integer.parseInt(ports[1]);
        echo = Integer.parseInt(ports[2]);
    }

    /** One whose memory can be watched for an hour. */
    static ServiceProcess steady(String engine, Path folder) throws IOException, InterruptedException {
        return new ServiceProcess(engine, List.of(), GIVES_BACK, folder, STEADY);
    }

    private Optional<String> ports() throws IOException {
        return log().lines().filter(line -> line.matches("\\d+ \\d+ \\d+")).findFirst();
    }

    /** What it has printed so far. */
    String log() throws IOException {
        return Files.readString(log);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int plain() {
        return plain;
    }

    int secure() {
        return secure;
    }

    int echo() {
        return echo;
    }

    /** Status and text of an answer, or the failure, in one line. */
    String ask(String path) {
        return send(HttpRequest.newBuilder(uri(path)).timeout(PATIENCE).build());
    }

    String upload(int bytes) {
        return send(HttpRequest.newBuilder(uri("/upload")).timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[bytes])).build());
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + plain + path);
    }

    private String send(HttpRequest request) {
        try {
            var answer = http.send(request, BodyHandlers.ofString());
            String text = answer.body().strip();
            return answer.statusCode() + " " + (text.length() > 60 ? text.length() + " characters" : text);
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The Date of an answer. */
    String date() throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri("/")).build(), BodyHandlers.discarding())
                .headers()
                .firstValue("Date")
                .orElse("none");
    }

    /** Whether the echo gives back what it is given. */
    boolean echoes() {
        byte[] word = "word".getBytes(StandardCharsets.US_ASCII);
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), echo)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(word);
            return new String(socket.getInputStream().readNBytes(4), StandardCharsets.US_ASCII).equals("word");
        } catch (IOException e) {
            return false;
        }
    }

    /** Processor time of the process so far, in milliseconds. */
    long busyMillis() throws IOException {
        String[] fields = Files.readString(Path.of("/proc/" + pid() + "/stat")).replaceFirst(".*\\) ", "").split(" ",
                -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10;
    }

    void signal(String name, long pid) throws IOException, InterruptedException {
        run("kill", "-" + name, "" + pid);
    }

    /** Stops a process; each of its threads has stopped when this returns, which a signal alone does not wait for. */
    void stop(long pid) throws IOException, InterruptedException {
        signal("STOP", pid);
        while (!hasStopped(pid)) {
            Thread.sleep(1);
        }
    }

    private static boolean hasStopped(long pid) throws IOException {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads) {
                String state = Files.readString(thread.resolve("stat"));
                if (state.charAt(state.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
        }
        return true;
    }

    static void run(String... command) throws IOException, InterruptedException {
        Process ran = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(ran.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (ran.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + text);
        }
    }

    @Override
    public void close() throws IOException {
        http.shutdownNow();
        if (!process.isAlive() || log().contains("Exception in thread")) {
            System.err.println("the service has ended by itself:\n" + log());
        }
        List<ProcessHandle> below = process.descendants().toList();
        if (process.toHandle().isAlive()) { // else its number may be another's
            below.forEach(ProcessHandle::destroyForcibly);
        }
        process.destroyForcibly().onExit().join();
        Files.delete(log);
    }
}
