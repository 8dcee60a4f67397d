package dev.heddle.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A HAProxy of our own with one thread, on the first processor, that passes all on to one server. */
final class HaProxy implements AutoCloseable {

    static final Need NEED = Need.program("haproxy");

    private static final int TRIES = 500;
    private static final long TRY_EVERY_MILLIS = 10;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final Path configuration;
    private final Process process;
    private final int port;

    private HaProxy(Path configuration, Process process, int port) {
        this.configuration = configuration;
        this.process = process;
        this.port = port;
    }

    /** Starts one, and returns when it can be reached; under TLS it speaks HTTP/2 to who asks for it. */
    static HaProxy start(SiteMode mode, Nginx behind) {
        try {
            String secure = mode == SiteMode.TLS
                    ? " ssl crt " + OpenSsl.certificate() + " alpn h2,http/1.1 ssl-min-ver " + TlsCertificate.PROTOCOL
                    : "";
            int port = Ports.free();
            Path configuration = Files.writeString(Files.createTempFile("heddle-bench", ".cfg"), """
                    global
                        nbthread 1
                        maxconn 4000
                    defaults
                        mode http
                        timeout connect 5s
                        timeout client 60s
                        timeout server 60s
                        option splice-auto
                        http-reuse always
                    frontend in
                        bind 127.0.0.1:%d backlog 4096%s
                        default_backend out
                    backend out
                        server behind 127.0.0.1:%d
                    """.formatted(port, secure, behind.port()));
            List<String> command = new ArrayList<>(ServerProcess.PIN);
            command.addAll(List.of(Need.find("haproxy").orElseThrow().toString(), "-db", "-f",
                    configuration.toString()));
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
            var proxy = new HaProxy(configuration, process, port);
            proxy.awaitReachable();
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start HAProxy", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot start HAProxy", e);
        }
    }

    private void awaitReachable() throws IOException {
        for (int i = 0; i < TRIES && process.isAlive(); i++) {
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                pause();
            }
        }
        close();
        throw new IOException("HAProxy does not answer on port " + port);
    }

    private static void pause() {
        try {
            Thread.sleep(TRY_EVERY_MILLIS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT)) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
