package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
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

        /** Starts one that answers each frame, on a loop. */
        Child() throws IOException {
            this(0);
        }

        /**
         * Starts one, on a loop.
         *
         * @param bytes after how many it answers one byte, again and again; 0 for one that answers each frame
         */
        Child(int bytes) throws IOException {
            directory = Files.createTempDirectory("relay");
            Path path = directory.resolve("child");
            try (Listener listener = Unix.listen(path)) {
                process = new ProcessBuilder(
                        Peer.java(List.of(), RelayMain.class, Integer.toString(bytes), path.toString()))
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

    /** Passes on to a child with the first argument; or is that child, and its socket the second one. */
    public static void main(String[] arguments) throws GeneralSecurityException, IOException {
        int bytes = Integer.parseInt(arguments[0]);
        if (arguments.length > 1) {
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(arguments[1]))) {
                if (bytes == 0) {
                    answerFrames(channel);
                } else {
                    answerAfter(bytes, channel);
                }
            }
            return;
        }
        TlsCertificate.load(); // which takes its time where there is none yet
        Heddle.run(() -> {
            int port = Ports.free();
            try (Child child = new Child(bytes); Listener listener = ClusterNode.listen(port)) {
                Heddle.spawn(() -> listener.serve(MAX_CONNECTIONS, stream -> pass(stream, child.stream)));
                System.out.println("ready " + port);
                Heddle.offload(() -> {
                    while (System.in.read() >= 0) {}
                });
            }
        });
    }

    /** Until the stream ends; the child's goes on. */
    private static void pass(ByteStream stream, ByteStream child) {
        Task<Void> back = Heddle.spawn(() -> pump(child, stream));
        pump(stream, child);
        back.cancel("the stream has ended");
    }

    private static void pump(ByteStream from, ByteStream to) {
        for (ByteBuffer in = from.fill(); in.hasRemaining(); in = from.fill()) {
            to.write(in);
        }
    }

    private static void answerFrames(SocketChannel channel) throws IOException {
        ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
        ByteBuffer out = ByteBuffer.allocateDirect(ANSWER_BYTES);
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

    /** Puts them into an array, as they come. */
    private static void answerAfter(int bytes, SocketChannel channel) throws IOException {
        while (true) {
            ByteBuffer in = ByteBuffer.allocate(bytes);
            while (in.hasRemaining()) {
                if (channel.read(in) < 0) {
                    return;
                }
            }
            channel.write(ByteBuffer.wrap(new byte[1]));
        }
    }
}
