package dev.heddle.http.server;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.http.WebSocket;
import dev.heddle.http.WebSocketMessage;
import dev.heddle.http.internal.websocket.CloseCodes;
import dev.heddle.http.internal.websocket.FrameHead;
import dev.heddle.http.internal.websocket.RealWebSocket;
import dev.heddle.http.internal.websocket.SharedMessage;
import dev.heddle.internal.Checks;
import dev.heddle.internal.sight.Counter;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import dev.heddle.sync.Overflow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A broadcast of messages to all sockets that have joined: chats, tickers, games.
 *
 * <pre>{@code
 * var room = WebSocketBroadcast.create(64, Overflow.DISCONNECT);
 * HttpServer.builder().webSocket("/chat", (request, socket) -> {
 *     try (var seat = room.join(socket)) {
 *         for (var message : socket) {
 *             room.send(message);
 *         }
 *     }
 * });
 * }</pre>
 *
 * <p>A message is made into a frame once, and compressed once, whatever the number of sockets. One task sends to all
 * that can take it at once. Each socket has a queue of its own, and while its peer has to be waited for a task of its
 * own, so a slow peer holds up nobody; what happens when its queue is full is the policy.
 * All get the messages in the same order.
 *
 * <p>Threads: tasks of one loop. A server on several loops has one for each, and something that carries messages
 * between them, such as {@link dev.heddle.sync.Broadcast}. Cancellation: sending never waits, so nothing is cut off. To
 * test code that uses one, join sockets of a server on port 0, or over memory streams in the simulator.
 */
public final class WebSocketBroadcast {

    /** After so many sockets other tasks get their turn. */
    private static final int STRETCH = 32;

    /** What a peer too slow for its queue is told, if it takes that. */
    private static final String TOO_SLOW = "too slow";

    private static final PartKind<WebSocketBroadcast> KIND = PartKind
            .<WebSocketBroadcast>of("WebSocket broadcast", WebSocketBroadcast::statistics)
            .onLoop(broadcast -> broadcast.loop);

    private final Loop loop = Heddle.currentLoop();
    private final int capacity;
    private final Overflow policy;
    private final Set<Seat> seats = new LinkedHashSet<>();

    /** Those that have messages and nobody yet to send them. */
    private final ArrayDeque<Seat> ready = new ArrayDeque<>();

    /** Whether a task sends to those. */
    private boolean sending;

    private long sent;
    private long dropped;
    private long disconnected;

    private WebSocketBroadcast(int capacity, Overflow policy) {
        this.capacity = capacity;
        this.policy = policy;
        Parts.add(KIND, this);
    }

    /**
     * Makes one for the current loop.
     *
     * @param capacity most messages that wait for one socket, 1 or more
     * @param policy what becomes of a message for a socket where that many wait: the oldest or the newest is dropped,
     *     or the socket is closed with 1008
     * @throws IllegalArgumentException for {@link Overflow#WAIT}: the slowest peer would set the pace of all
     */
    public static WebSocketBroadcast create(int capacity, Overflow policy) {
        Checks.atLeast("capacity", capacity, 1);
        if (policy == Overflow.WAIT) {
            throw new IllegalArgumentException("one slow peer would hold up all; drop messages or disconnect it");
        }
        return new WebSocketBroadcast(capacity, Objects.requireNonNull(policy));
    }

    /** Gives a text to all that have joined. Never waits. */
    public void sendText(String text) {
        send(new SharedMessage(FrameHead.TEXT, text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Gives bytes, which are not changed from now on, to all that have joined. Never waits. */
    public void sendBinary(byte[] bytes) {
        send(new SharedMessage(FrameHead.BINARY, bytes));
    }

    /** Gives a message, such as one that came, to all that have joined. Never waits. */
    public void send(WebSocketMessage message) {
        switch (message) {
            case WebSocketMessage.Text(String text) -> sendText(text);
            case WebSocketMessage.Binary(byte[] bytes) -> sendBinary(bytes);
        }
    }

    private void send(SharedMessage message) {
        sent++;
        List<Seat> slow = null;
        for (Seat seat : seats) {
            if (!seat.offer(message)) {
                slow = slow == null ? new ArrayList<>() : slow;
                slow.add(seat);
            }
        }
        if (!sending && !ready.isEmpty()) {
            sending = true;
            loop.spawn("broadcast to all", this::sendReady);
        }
        if (slow != null) {
            disconnected += slow.size();
            slow.forEach(Seat::disconnect);
        }
    }

    /**
     * Has a socket get what is sent from now on, until the seat or the socket is closed.
     *
     * @return the place in the broadcast, to be closed
     * @throws IllegalArgumentException if the socket was made neither by a server nor by a client
     * @throws IllegalStateException if the socket belongs to another loop
     */
    public Seat join(WebSocket socket) {
        if (!(socket instanceof RealWebSocket real)) {
            throw new IllegalArgumentException("not a socket of a server or client: " + socket);
        }
        if (real.loop() != loop) {
            throw new IllegalStateException("the broadcast belongs to " + loop.name() + ", the socket to another loop");
        }
        var seat = new Seat(real);
        seats.add(seat);
        return seat;
    }

    /** How many sockets have joined. */
    public int size() {
        return seats.size();
    }

    /** What it has done so far. */
    public WebSocketBroadcastStatistics statistics() {
        return new Statistics(seats.size(), sent, dropped, disconnected);
    }

    @Override
    public String toString() {
        return "WebSocketBroadcast to " + seats.size();
    }

    /** Sends what goes without a wait, to one socket after the other; the others may take their time. */
    private void sendReady() {
        try {
            int sockets = 0;
            for (Seat seat = ready.pollFirst(); seat != null; seat = ready.pollFirst()) {
                seat.sendReady();
                if (++sockets % STRETCH == 0) {
                    Heddle.checkpoint();
                }
            }
        } finally {
            sending = false;
        }
    }

    /** The place of one socket in a broadcast. */
    public final class Seat implements AutoCloseable {

        private final RealWebSocket socket;
        private final ArrayDeque<SharedMessage> queue = new ArrayDeque<>(2);

        /** Whether somebody is to send what is in the queue. */
        private boolean served;

        private Seat(RealWebSocket socket) {
            this.socket = socket;
        }

        /** False if the socket is to be cut off. */
        private boolean offer(SharedMessage message) {
            if (!socket.isOpen()) {
                return true;
            }
            if (queue.size() >= capacity) {
                switch (policy) {
                    case DROP_NEWEST -> {
                        dropped++;
                        return true;
                    }
                    case DROP_OLDEST -> {
                        dropped++;
                        queue.removeFirst();
                    }
                    case DISCONNECT, WAIT -> {
                        return false;
                    }
                }
            }
            queue.addLast(message);
            if (!served) {
                served = true;
                ready.addLast(this);
            }
            return true;
        }

        private void sendReady() {
            while (!queue.isEmpty() && !socket.hasRest() && socket.offer(queue.getFirst())) {
                queue.removeFirst();
            }
            served = !queue.isEmpty() || socket.hasRest();
            if (served) {
                loop.spawn("broadcast to " + socket.remoteAddress(), this::sendInTurn);
            }
        }

        /** Sends to a peer that has to be waited for, until nothing is left for it. */
        private void sendInTurn() {
            try {
                socket.sendRest();
                for (SharedMessage next = queue.pollFirst(); next != null; next = queue.pollFirst()) {
                    socket.send(next);
                }
            } catch (BrokenException | ClosedException gone) {
                // Whoever receives from the socket hears of it there.
                leave();
            } finally {
                served = false;
            }
        }

        private void disconnect() {
            leave();
            socket.beginClose(CloseCodes.POLICY, TOO_SLOW);
        }

        private void leave() {
            queue.clear();
            seats.remove(this);
        }

        /** Messages that wait for the peer. */
        public int waiting() {
            return queue.size();
        }

        /**
         * Leaves the broadcast; what still waits for the peer is not sent. Never waits; does nothing the second time.
         */
        @Override
        public void close() {
            leave();
        }
    }

    /** What the statistics are, at one moment. */
    record Statistics(int sockets, @Counter long sent, @Counter long dropped,
            @Counter long disconnected) implements WebSocketBroadcastStatistics {}
}
