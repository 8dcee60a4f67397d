package dev.heddle.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.client.HttpClient;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A server that says exactly what a test wants, byte for byte: the first connection plays the first script, and so on;
 * the last script serves all later ones. All hosts and ports lead here.
 */
public final class ScriptedServer implements AutoCloseable {

    /** What one connection does. */
    @FunctionalInterface
    public interface Script {
        void play(Peer peer) throws Exception;
    }

    /** Request heads as they came, in order. */
    public final List<String> requests = new ArrayList<>();

    /** {@code host:port} of each connect, in order. */
    public final List<String> connects = new ArrayList<>();

    /** How many connections are open now, and at most were. */
    public int open;

    public int mostOpen;

    private final Listener listener = Tcp.listen(0);
    private final List<Task<Void>> plays = new ArrayList<>();
    private final Task<Void> accepting;

    private ScriptedServer(Script... scripts) {
        accepting = Heddle.spawn("scripted server", () -> accept(scripts));
    }

    public static ScriptedServer of(Script... scripts) {
        return new ScriptedServer(scripts);
    }

    /** A server whose every connection answers every request the same. */
    public static ScriptedServer answering(String response) {
        return of(peer -> {
            while (peer.hasRequest()) {
                peer.send(response);
            }
        });
    }

    private void accept(Script... scripts) {
        for (int i = 0;; i++) {
            ByteStream stream;
            try {
                stream = listener.accept();
            } catch (ClosedException e) {
                return;
            }
            Script script = scripts[Math.min(i, scripts.length - 1)];
            mostOpen = Math.max(mostOpen, ++open);
            plays.add(Heddle.currentLoop().spawn(() -> {
                try (stream) {
                    script.play(new Peer(stream));
                } catch (BrokenException e) {
                    // The client gave the connection up, as many tests want it to.
                } finally {
                    open--;
                }
            }));
        }
    }

    /** A client option set whose connections all lead here. */
    public HttpClient.Builder client() {
        return HttpClient.builder().connector(this::connect);
    }

    public ByteStream connect(String host, int port) {
        connects.add(host + ":" + port);
        return Tcp.connect("127.0.0.1", listener.port());
    }

    /** The address under which real connects reach it. */
    public String url() {
        return "http://127.0.0.1:" + listener.port();
    }

    /** Ends all scripts; throws what one of them failed with. */
    @Override
    public void close() {
        listener.close();
        accepting.join();
        for (Task<Void> play : plays) {
            if (play.isDone()) {
                play.join();
            } else {
                play.cancel();
            }
        }
    }

    /** The server's end of one connection. */
    public final class Peer {

        private final ByteStream stream;

        Peer(ByteStream stream) {
            this.stream = stream;
        }

        /** Reads the next request head; fails if there is none. */
        public String request() {
            String head = new String(stream.readUntil("\r\n\r\n".getBytes(ISO_8859_1), 1 << 20), ISO_8859_1);
            requests.add(head);
            return head;
        }

        /** Reads the next request head if the client sends one more. */
        public boolean hasRequest() {
            if (!stream.fill().hasRemaining()) {
                return false;
            }
            request();
            return true;
        }

        public String lastRequest() {
            return requests.getLast();
        }

        public String body(int count) {
            return new String(stream.readExactly(count), ISO_8859_1);
        }

        public String readUntil(String end) {
            return new String(stream.readUntil(end.getBytes(ISO_8859_1), 1 << 24), ISO_8859_1);
        }

        public void send(String latin1) {
            stream.write(latin1.getBytes(ISO_8859_1));
        }

        public void send(byte[] bytes) {
            stream.write(bytes);
        }

        /** Sends each byte as a segment of its own. */
        public void drip(String latin1, Duration pause) {
            for (byte b : latin1.getBytes(ISO_8859_1)) {
                stream.write(new byte[]{b});
                Heddle.sleep(pause);
            }
        }

        /** Reads to the end and says how much came before it; -1 if the connection is reset. */
        public int awaitEnd() {
            try {
                return stream.readAll(1 << 24).length;
            } catch (BrokenException e) {
                return -1;
            }
        }

        public void abort() {
            stream.abort();
        }

        public ByteStream stream() {
            return stream;
        }
    }
}
