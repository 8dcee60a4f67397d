package dev.heddle.http.internal.websocket;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.HeddleException;
import dev.heddle.Loop;
import dev.heddle.http.BodyWriter;
import dev.heddle.http.WebSocket;
import dev.heddle.http.WebSocketInput;
import dev.heddle.http.WebSocketMessage;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.internal.Incoming;
import dev.heddle.io.ByteStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The WebSocket of either side on the stream of a connection: its messages both ways, and its end. */
public final class RealWebSocket implements WebSocket {

    private final ByteStream stream;
    private final WebSocketOptions options;
    private final Optional<String> subprotocol;
    private final WebSocketOutbound out;
    private final WebSocketLifecycle life;
    private final WebSocketInbound in;

    /** The message that is read as a stream, until the next one is asked for. */
    private @Nullable MessageInput input;

    /**
     * Takes a stream over, right behind the opening handshake.
     *
     * @param terms what was agreed on about compression; null for none
     */
    public RealWebSocket(
            ByteStream stream,
            boolean client,
            WebSocketOptions options,
            @Nullable DeflateTerms terms,
            @Nullable String subprotocol) {
        this.stream = stream;
        this.options = options;
        this.subprotocol = Optional.ofNullable(subprotocol);
        MessageInflater inflater = null;
        MessageDeflater deflater = null;
        if (terms != null) {
            boolean mine = client ? terms.clientKeepsContext() : terms.serverKeepsContext();
            boolean theirs = client ? terms.serverKeepsContext() : terms.clientKeepsContext();
            int window = client ? DeflateTerms.FULL_WINDOW : terms.serverWindowBits();
            inflater = new MessageInflater(theirs);
            deflater = new MessageDeflater(options.compressionLevel(), mine, window);
        }
        boolean takesShared = terms != null && terms.serverWindowBits() == DeflateTerms.FULL_WINDOW;
        this.out = new WebSocketOutbound(stream, options, client, deflater, takesShared);
        this.life = new WebSocketLifecycle(stream, client, options, inflater, out);
        this.in = life.in();
    }

    // ---- receiving ----

    @Override
    public Optional<WebSocketMessage> receive() {
        if (!life.beginReading()) {
            return Optional.empty();
        }
        input = null;
        try {
            WebSocketMessage message = in.receive();
            if (message == null) {
                life.finishClose();
                return Optional.empty();
            }
            life.heartbeat().message();
            return Optional.of(message);
        } catch (WebSocketViolation | HeddleException e) {
            throw life.failed(e);
        } finally {
            life.endReading();
        }
    }

    @Override
    public Optional<WebSocketInput> receiveStream() {
        if (!life.beginReading()) {
            return Optional.empty();
        }
        try {
            input = null;
            if (!in.begin(options.maxStreamBytes())) {
                life.finishClose();
                return Optional.empty();
            }
            life.heartbeat().message();
            var next = new MessageInput(this, in.isText());
            input = next;
            return Optional.of(next);
        } catch (WebSocketViolation | HeddleException e) {
            throw life.failed(e);
        } finally {
            life.endReading();
        }
    }

    /** Reads from the message that a stream stands for. */
    int readStream(MessageInput asking, byte[] target, int from, int count) {
        if (asking != input || !life.beginReading()) {
            throw new ClosedException("this message is over: the next one was asked for, or the WebSocket is closed");
        }
        try {
            int came = in.read(target, from, count);
            if (in.isEnded()) {
                life.finishClose();
                throw new BrokenException(stream.remoteAddress() + " closed the WebSocket inside of a message");
            }
            return came;
        } catch (WebSocketViolation | HeddleException e) {
            throw life.failed(e);
        } finally {
            life.endReading();
        }
    }

    @Override
    public Iterator<WebSocketMessage> iterator() {
        return new Incoming<>(this::receive, "the WebSocket is closed");
    }

    @Override
    public void awaitClose() {
        if (!life.beginReading()) {
            return;
        }
        input = null;
        try {
            life.drain();
        } catch (WebSocketViolation | HeddleException e) {
            throw life.failed(e);
        } finally {
            life.endReading();
        }
    }

    // ---- sending ----

    @Override
    public void sendText(String text) {
        out.send(FrameHead.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void sendBinary(byte[] bytes) {
        out.send(FrameHead.BINARY, bytes);
    }

    @Override
    public void send(WebSocketMessage message) {
        switch (message) {
            case WebSocketMessage.Text(String text) -> sendText(text);
            case WebSocketMessage.Binary(byte[] bytes) -> sendBinary(bytes);
        }
    }

    /** Sends what goes to others as well. */
    public void send(SharedMessage message) {
        out.send(message);
    }

    /** Sends what goes to others as well, as far as it goes without a wait; false if not even its first byte has left. */
    public boolean offer(SharedMessage message) {
        return out.offer(message);
    }

    /** Whether only a part of what was offered has left, so that {@link #sendRest} is to be called. */
    public boolean hasRest() {
        return out.hasRest();
    }

    /** Sends the rest of what was offered, if there is one. */
    public void sendRest() {
        out.sendRest();
    }

    @Override
    public void streamText(BodyWriter writer) {
        stream(FrameHead.TEXT, writer);
    }

    @Override
    public void streamBinary(BodyWriter writer) {
        stream(FrameHead.BINARY, writer);
    }

    private void stream(int opcode, BodyWriter writer) {
        // The scope turns a checked exception of the writer into the toolkit's own.
        CancelScope.open(scope -> {
            out.stream(opcode, writer);
        });
    }

    @Override
    public void ping() {
        out.ping(life.heartbeat().nextPing());
    }

    // ---- closing ----

    @Override
    public void close() {
        close(CloseCodes.NORMAL, "");
    }

    @Override
    public void close(int code, String reason) {
        life.close(CloseCodes.payload(code, reason));
    }

    @Override
    public void abort() {
        life.abort();
    }

    @Override
    public boolean isOpen() {
        return life.isOpen();
    }

    @Override
    public OptionalInt closeCode() {
        return life.closeCode();
    }

    @Override
    public String closeReason() {
        return life.closeReason();
    }

    @Override
    public Optional<String> subprotocol() {
        return subprotocol;
    }

    @Override
    public Optional<Duration> latency() {
        return life.heartbeat().latency();
    }

    @Override
    public String remoteAddress() {
        return stream.remoteAddress();
    }

    /** How far it has come, for people. */
    public String phase() {
        return life.phase();
    }

    /** Sets what is run, once, when it is over. */
    public void onEnd(Runnable action) {
        life.onEnd(action);
    }

    public Loop loop() {
        return life.loop();
    }

    /** Sends a close without waiting, and aborts if the peer does not answer in time. */
    public void beginClose(int code, String reason) {
        life.beginClose(code, reason);
    }

    /** Sends a close without waiting, since the server stops. */
    public void goAway() {
        life.goAway();
    }

    @Override
    public String toString() {
        return life.toString();
    }
}
