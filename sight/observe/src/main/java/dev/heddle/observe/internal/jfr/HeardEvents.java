package dev.heddle.observe.internal.jfr;

import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.internal.sight.Events;
import java.util.function.Consumer;
import java.util.function.Supplier;
import jdk.jfr.Event;
import org.jspecify.annotations.Nullable;

/**
 * The listener that writes what happens as events of JFR. Each event begins with what it tells of; whether it is written is decided at its end.
 *
 * <p>Threads: any.
 */
final class HeardEvents extends Events {

    private final Consumer<Loop> loops;
    private final EventTeller teller;

    /** @param loops hears of loops that begin */
    HeardEvents(Consumer<Loop> loops, EventTeller teller) {
        this.loops = loops;
        this.teller = teller;
    }

    @Override
    public void loopBegins(Loop loop) {
        loops.accept(loop);
    }

    @Override
    public Object begin(Kind kind) {
        Event event = switch (kind) {
            case SERVED -> new ServerRequestEvent();
            case REQUESTED -> new ClientRequestEvent();
            case ACCEPTED -> new ConnectionEvent();
            case CONNECT -> new ConnectEvent();
            case HANDSHAKE -> new TlsHandshakeEvent();
        };
        event.begin();
        return event;
    }

    @Override
    public void served(Object begun, HttpRequest request, Supplier<String> peer) {
        if (begun instanceof ServerRequestEvent event && isLong(event)) {
            event.method = request.method();
            event.route = request.route();
            event.status = request.status();
            event.protocol = request.protocol();
            event.bytes = request.bytes();
            event.peer = peer.get();
            event.commit();
        }
    }

    @Override
    public void requested(Object begun, HttpRequest request, String host, int port) {
        if (begun instanceof ClientRequestEvent event && isLong(event)) {
            event.method = request.method();
            event.server = request.scheme() + "://" + host + ":" + port;
            event.status = request.status();
            event.protocol = request.protocol();
            event.failure = request.failure();
            event.commit();
        }
    }

    @Override
    public void secured(Object begun, String group) {
        if (begun instanceof TlsHandshakeEvent event) {
            event.group = group;
        }
    }

    @Override
    public void ended(Kind kind, Object begun, Supplier<String> peer, @Nullable Throwable failure) {
        if (!(begun instanceof Event ended) || !isLong(ended)) {
            return;
        }
        String why = failure == null ? null : failure.toString();
        switch (ended) {
            case ConnectionEvent event -> event.peer = peer.get();
            case ConnectEvent event -> {
                event.peer = peer.get();
                event.failure = why;
            }
            case TlsHandshakeEvent event -> {
                event.peer = peer.get();
                event.failure = why;
            }
            default -> {
                return;
            }
        }
        ended.commit();
    }

    private static boolean isLong(Event event) {
        event.end();
        return event.shouldCommit();
    }

    @Override
    public void cancelled(Loop loop, @Nullable Task<?> task, String reason) {
        var event = new CancelEvent();
        if (event.shouldCommit()) {
            event.task = task == null ? null : task.name();
            event.id = task == null ? 0 : task.id();
            event.loop = loop.name();
            event.reason = reason;
            teller.tell(event);
        }
    }

    @Override
    public void process(String pool, long pid, String what) {
        var event = new WorkerProcessEvent();
        event.pool = pool;
        event.pid = pid;
        event.what = what;
        event.commit();
    }
}
