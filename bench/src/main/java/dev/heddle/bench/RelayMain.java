package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.io.ByteStream;
import dev.heddle.io.Streams;
import dev.heddle.net.Listener;
import dev.heddle.net.Unix;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;

/**
 * The way of a body to a process of another machine, and nothing but that: over mutual TLS to a process that passes all
 * bytes on to its child, which answers each frame by itself, as one must whose death may lose the last one only.
 */
final class RelayMain {

    /** A frame: how many bytes follow, and of those a number first. */
    static final int HEAD_BYTES = Integer.BYTES + Long.BYTES;

    /** Of a body that adds one to a number, with what a pool says of it. */
    static final int BODY_BYTES = 160;

    static final int ANSWER_BYTES = 32;

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int MAX_CONNECTIONS = 10;

    private RelayMain() {}

    /** A child of this process that answers frames, and its stream. */
    static final class Child implements AutoCloseable {
        final ByteStream stream;
        private final Process process;
        private final Path directory;

        /** Starts it, on a loop. */
        Child() throws IOException {
            directory = Files.createTempDirectory("relay");
            Path path = directory.resolve("child");
            try (Listener listener = Unix.listen(path)) {
                process = new ProcessBuilder(Peer.java(List.of(), RelayMain.class, path.toString()))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
                stream = listener.accept();
            }
        }

        @Override
        public void close() {
            stream.close();
            ServerProcess.end(process, process.outputWriter());
            try {
                Files.deleteIfExists(directory);
            } catch (IOException e) {
                // A directory of the system's for such.
            }
        }
    }

    /** Passes on; or, with a path, answers. */
    public static void main(String[] arguments) throws GeneralSecurityException, IOException {
        if (arguments.length > 0) {
            answer(Path.of(arguments[0]));
            return;
        }
        TlsCertificate.load(); // which takes its time where there is none yet
        Heddle.run(() -> {
            int port = ClusterNode.freePort();
            try (Child child = new Child(); Listener listener = ClusterNode.listen(port)) {
                Heddle.spawn(() -> listener.serve(MAX_CONNECTIONS, stream -> Streams.relay(stream, child.stream)));
                System.out.println("ready " + port);
                Heddle.offload(() -> {
                    while (System.in.read() >= 0) {}
                });
            }
        });
    }

    private static void answer(Path path) throws IOException {
        ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
        ByteBuffer out = ByteBuffer.allocateDirect(ANSWER_BYTES);
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            while (channel.read(in) >= 0) {
                in.flip();
                while (in.remaining() >= BODY_BYTES) {
                    long number = in.getLong(in.position() + Integer.BYTES);
                    in.position(in.position() + BODY_BYTES);
                    out.clear();
                    out.putInt(ANSWER_BYTES - Integer.BYTES).putLong(number).putLong(number + 1);
                    out.rewind();
                    while (out.hasRemaining()) {
                        channel.write(out);
                    }
                }
                in.compact();
            }
        }
    }
}
