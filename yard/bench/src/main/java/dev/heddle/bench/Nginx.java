package dev.heddle.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** An nginx of our own with one worker, on a free loopback port. */
final class Nginx implements AutoCloseable {

    private static final int TRIES = 500;
    private static final long TRY_EVERY_MILLIS = 10;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    /** It makes room for all in advance. */
    private static final int FEWEST_CONNECTIONS = 4096;

    /** As a proxy it keeps so many idle connections to what is behind it. */
    private static final int KEPT = 512;

    /** When a sixteenth is left, it closes those that wait for a request. */
    private static final int ROOM = 2;

    private final Path directory;
    private final Process master;
    private final int port;

    private Nginx(Path directory, Process master, int port) {
        this.directory = directory;
        this.master = master;
        this.port = port;
    }

    /**
     * Starts one that answers every path with the same small page, and returns when it can be reached.
     *
     * @param page the body of every answer, without quotes
     */
    static Nginx start(String page) {
        return start(List.of(), FEWEST_CONNECTIONS, "", "location / { return 200 \"" + page + "\"; }");
    }

    /** Starts one that does so by HTTP/2 alone. */
    static Nginx startHttp2(String page) {
        return start(List.of(), FEWEST_CONNECTIONS, "http2", "location / { return 200 \"" + page + "\"; }");
    }

    /** Starts one that serves the files of a directory. */
    static Nginx startFiles(Path files) {
        return start(List.of(), FEWEST_CONNECTIONS, "", "location / { root " + files + "; }");
    }

    /**
     * Starts one that has the pages of {@link Site}, on the first processor, and returns when it can be reached.
     *
     * @param connections how many it must hold at once
     */
    static Nginx startSite(SiteMode mode, int connections) throws IOException, GeneralSecurityException {
        int most = Math.max(FEWEST_CONNECTIONS, ROOM * connections);
        String pages = """
                location = %s { default_type %s; return 200 "%s"; }
                        location = %s { default_type %s; return 200 '%s'; }
                        location = %s { default_type %s; }""".formatted(
                Site.TEXT_PATH, Site.TEXT_TYPE, Site.TEXT,
                Site.JSON_PATH, Site.JSON_TYPE, Site.json(new Site.Greeting(Site.TEXT)),
                Site.LARGE_PATH, Site.LARGE_TYPE);
        return start(mode, most, pages);
    }

    private static Nginx start(SiteMode mode, int connections, String pages)
            throws IOException, GeneralSecurityException {
        return switch (mode) {
            case PLAIN, WEB_SOCKET -> start(ServerProcess.PIN, connections, "", pages);
            case HTTP_2 -> start(ServerProcess.PIN, connections, "http2", pages);
            case TLS -> start(ServerProcess.PIN, connections, "ssl", identity() + pages);
        };
    }

    private static String identity() {
        try {
            String pem = OpenSsl.certificate().toString();
            return "ssl_certificate " + pem + "; ssl_certificate_key " + pem + "; ssl_protocols "
                    + TlsCertificate.PROTOCOL + ";\n        ";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Starts one that takes bodies, on the first processor. It saves a body of any length beside the others, then gives
     * it its name; what it discards it has answered before.
     */
    static Nginx startTaking(SiteMode mode, Path files) throws IOException, GeneralSecurityException {
        return start(mode, FEWEST_CONNECTIONS, """
                client_max_body_size 0;
                        location %s { return 204; }
                        location %s {
                            alias %s/;
                            dav_methods PUT;
                            client_body_temp_path %3$s/body;
                            client_body_buffer_size %d;
                        }""".formatted(PutMain.DISCARD_PATH, PutMain.SAVE_PATH, files, PutMain.BUFFER_BYTES));
    }

    /** Starts one with pages of {@link Site} for a proxy to ask, beside the load. */
    static Nginx startUpstream() {
        return start(Wrk.PIN, FEWEST_CONNECTIONS, "", """
                location = %s { return 200 "%s"; }
                        location = %s { default_type %s; }""".formatted(
                Site.KIB_PATH, "x".repeat(Site.KIB_BYTES), Site.LARGE_PATH, Site.LARGE_TYPE));
    }

    /**
     * Starts one on the first processor that passes all on to another, over kept connections as its manual says; under
     * TLS it speaks HTTP/2 to who asks for it.
     */
    static Nginx startProxy(SiteMode mode, Nginx upstream) {
        boolean secure = mode == SiteMode.TLS;
        return start(ServerProcess.PIN, FEWEST_CONNECTIONS, secure ? "ssl http2" : "",
                "upstream behind { server 127.0.0.1:" + upstream.port
                        + "; keepalive " + KEPT + "; keepalive_requests 100000000; }",
                (secure ? identity() : "") + """
                        location / {
                            proxy_pass http://behind;
                            proxy_http_version 1.1;
                            proxy_set_header Connection "";
                        }""");
    }

    /** Starts one on the first processor that serves the files of a directory, and keeps them open. */
    static Nginx startPinned(Path files) {
        return start(ServerProcess.PIN, FEWEST_CONNECTIONS, "", "open_file_cache max=1000;",
                "location / { root " + files + "; }");
    }

    /**
     * Starts one that does so with many files, and sends the compressed one that lies beside a document. With {@code
     * tcp_nopush} a range of 64 KiB would wait there for 40 ms.
     */
    static Nginx startPinnedOfMany(Path files) {
        return start(ServerProcess.PIN, FEWEST_CONNECTIONS, "", "open_file_cache max=20000;", """
                location / { root %1$s; tcp_nopush off; }
                        location = %2$s { root %1$s; gzip_static on; gzip_vary on; }""".formatted(
                files, Fronting.PACKED_PATH));
    }

    /** Starts one on the first processor that compresses the JSON documents of a directory, and keeps them open. */
    static Nginx startPacking(Path files, int level) {
        return start(ServerProcess.PIN, FEWEST_CONNECTIONS, "", "open_file_cache max=1000;", """
                location / {
                            root %s;
                            default_type %s;
                            gzip on;
                            gzip_comp_level %d;
                            gzip_types %2$s;
                        }""".formatted(files, Site.JSON_TYPE, level));
    }

    private static Nginx start(List<String> prefix, int connections, String protocol, String server) {
        return start(prefix, connections, protocol, "", server);
    }

    private static Nginx start(List<String> prefix, int connections, String protocol, String besides, String server) {
        try {
            Path directory = Files.createTempDirectory("heddle-bench-nginx");
            int port = Ports.free();
            Path configuration = Files.writeString(directory.resolve("nginx.conf"),
                    configuration(directory, port, connections, protocol, besides, server));
            // The worker may be another user than this one.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.write(directory.resolve(Site.LARGE_PATH.substring(1)), Site.large());
            List<String> command = new ArrayList<>(prefix);
            command.addAll(List.of(
                    program(), "-p", directory.toString(), "-e", "stderr", "-c", configuration.toString()));
            Process master = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Nginx nginx = new Nginx(directory, master, port);
            Runtime.getRuntime().addShutdownHook(new Thread(master::destroy));
            nginx.awaitReachable();
            return nginx;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start nginx", e);
        }
    }

    private static String program() {
        return Need.find("nginx")
                .orElseThrow(() -> new IllegalStateException("this benchmark needs nginx, and there is none"))
                .toString();
    }

    private static String configuration(
            Path directory, int port, int connections, String protocol, String besides, String server) {
        return """
                daemon off;
                worker_processes 1;
                pid %1$s/nginx.pid;
                events { worker_connections %5$d; }
                http {
                    access_log off;
                    sendfile on;
                    tcp_nopush on;
                    keepalive_requests 100000000;
                    client_body_temp_path %1$s/body;
                    proxy_temp_path %1$s/proxy;
                    fastcgi_temp_path %1$s/fastcgi;
                    uwsgi_temp_path %1$s/uwsgi;
                    scgi_temp_path %1$s/scgi;
                    %6$s
                    server {
                        listen 127.0.0.1:%2$d %3$s backlog=4096;
                        default_type text/plain;
                        root %1$s;
                        %4$s
                    }
                }
                """.formatted(directory, port, protocol, server, connections, besides);
    }

    /** The master listens before it has its worker. */
    private void awaitReachable() throws IOException {
        for (int i = 0; i < TRIES && master.isAlive(); i++) {
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                if (master.descendants().findAny().isPresent()) {
                    return;
                }
            } catch (IOException e) {
                // Not yet.
            }
            pause();
        }
        close();
        throw new IOException("nginx does not answer on port " + port);
    }

    private static void pause() {
        try {
            Thread.sleep(TRY_EVERY_MILLIS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The start of every URL, without a slash at the end. */
    String address() {
        return "http://127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    /** The master's process and the worker's. */
    List<Long> pids() {
        return Stream.concat(Stream.of(master.toHandle()), master.descendants()).map(ProcessHandle::pid).toList();
    }

    @Override
    public void close() {
        master.destroy();
        try {
            if (!master.waitFor(STOP_LIMIT)) {
                master.destroyForcibly();
            }
            deleteDirectory();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void deleteDirectory() throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(directory)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
