package dev.heddle.cluster.storm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** What a lock guards: it remembers the highest token that it has seen, and refuses what comes with a lower one. */
final class Resource implements AutoCloseable {

    private final ServerSocket server;
    private long incarnation = -1;
    private long order = -1;

    Resource() {
        try {
            server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::serve);
    }

    int port() {
        return server.getLocalPort();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                String line = new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)).readLine();
                String[] words = line.split(" ", -1);
                socket.getOutputStream().write(
                        write(Long.parseLong(words[0]), Long.parseLong(words[1])).getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // The end, or a writer that has gone.
            }
        }
    }

    private String write(long ofIncarnation, long token) {
        if (ofIncarnation < incarnation || (ofIncarnation == incarnation && token < order)) {
            return "refused";
        }
        incarnation = ofIncarnation;
        order = token;
        return "written";
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
