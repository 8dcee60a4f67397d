package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The gateway of twenty lines in a process of its own, with a heap of 64 MB, and nginx behind it. */
abstract class GatewayPeers {

    static final String NGINX = "/usr/sbin/nginx";
    static final String CURL = "/usr/bin/curl";
    static final String H2LOAD = "/usr/bin/h2load";

    /** Heap, and buffers beside it. */
    private static final List<String> SMALL_MEMORY = List.of("-Xmx64m", "-XX:MaxDirectMemorySize=16m");

    @TempDir
    Path directory;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : started) {
            process.destroy();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    final Process begin(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        started.add(process);
        return process;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * Files that are put and got below {@code files}; what answers at once and throws away what comes; what takes no
     * more than a megabyte. By HTTP/2 without TLS if that is said.
     */
    final Process nginx(int port, boolean http2) throws Exception {
        Files.createDirectories(directory.resolve("files"));
        Files.writeString(directory.resolve("nginx.conf"), """
                daemon off; master_process off; pid pid; error_log error.log; worker_rlimit_nofile 1024; events {}
                http {
                  access_log off;
                  client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
                  client_max_body_size 0;
                  server {
                    listen 127.0.0.1:%d%s;
                    location / { root files; dav_methods PUT; }
                    location /sink { return 204; }
                    location /small { client_max_body_size 1m; root files; dav_methods PUT; }
                  }
                }
                """.formatted(port, http2 ? " http2" : ""));
        Process nginx = begin(List.of(NGINX, "-p", directory.toString(), "-c", "nginx.conf", "-e", "error.log"));
        for (int tries = 0; !listens(port); tries++) {
            assertTrue(nginx.isAlive() && tries < 1000, () -> "nginx has not begun: " + errors());
            Thread.sleep(10);
        }
        return nginx;
    }

    private static boolean listens(int port) throws IOException {
        try (var probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (ConnectException e) {
            return false;
        }
    }

    private String errors() {
        try {
            return Files.readString(directory.resolve("error.log"));
        } catch (IOException e) {
            return "no log";
        }
    }

    /** What the gateway is asked for. */
    record Gateway(Process process, int port) {

        String url(String path) {
            return "http://127.0.0.1:" + port + path;
        }

        /** The most that it has had in memory. */
        long peakMegabytes() throws IOException {
            return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElseThrow();
        }
    }

    final Gateway gateway(String protocol, int... upstreams) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(protocol));
        for (int port : upstreams) {
            arguments.add("http://127.0.0.1:" + port);
        }
        List<String> command = Program.command(GatewayProgram.class, arguments.toArray(String[]::new));
        command.addAll(1, SMALL_MEMORY);
        Process process = begin(command);
        BufferedReader lines = process.inputReader();
        return new Gateway(process, Integer.parseInt(lines.readLine()));
    }

    static String output(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    static void installed(String... programs) {
        for (String program : programs) {
            assumeTrue(Files.isExecutable(Path.of(program)), program + " is not installed");
        }
    }
}
