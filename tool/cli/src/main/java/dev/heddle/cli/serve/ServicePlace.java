package dev.heddle.cli.serve;

import dev.heddle.Action;
import dev.heddle.GroupException;
import dev.heddle.Heddle;
import dev.heddle.cli.command.ErrorText;
import dev.heddle.cli.command.FailureException;
import dev.heddle.net.InheritedSockets;
import dev.heddle.net.ListenFailedException;
import dev.heddle.net.Listener;
import dev.heddle.os.ServiceManager;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The place of a command under a service manager, such as systemd: the sockets that it has made, and the words that it
 * waits for. Without a manager there are no sockets, and the words go nowhere.
 *
 * <p>Threads: tasks of one loop, but for {@link #current} and {@link #hasSockets}.
 */
final class ServicePlace {

    private final InheritedSockets sockets;
    private final ServiceManager manager;
    private final boolean hasSockets;

    private ServicePlace(InheritedSockets sockets, ServiceManager manager) {
        this.sockets = sockets;
        this.manager = manager;
        this.hasSockets = !sockets.names().isEmpty();
    }

    /**
     * That of this process.
     *
     * @throws FailureException if a variable of the manager is malformed
     */
    static ServicePlace current() {
        try {
            return new ServicePlace(InheritedSockets.current(), ServiceManager.current());
        } catch (IllegalArgumentException e) {
            throw new FailureException(ErrorText.of(e), e);
        }
    }

    boolean hasSockets() {
        return hasSockets;
    }

    /**
     * Takes all sockets.
     *
     * @param tls what is spoken on them; null for plain
     * @throws ListenFailedException if one is of the wrong kind, or the engine cannot take it; then none is open
     */
    List<Listener> take(@Nullable ServerTls tls) {
        List<Listener> taken = new ArrayList<>();
        boolean done = false;
        try {
            for (Optional<Listener> next = sockets.takeNext(); next.isPresent(); next = sockets.takeNext()) {
                taken.add(tls == null ? next.get() : Tls.over(next.get(), tls));
            }
            done = true;
            return taken;
        } finally {
            if (!done) {
                taken.forEach(Listener::close);
            }
        }
    }

    /**
     * Runs a body while the manager hears that the loop lives.
     *
     * @throws FailureException if the manager cannot be told
     */
    void during(Action body) throws Exception {
        try {
            Heddle.group(g -> {
                g.spawnService("keep alive", () -> tell(manager::keepAlive));
                body.run();
            });
        } catch (GroupException e) {
            throw e.getCause() instanceof FailureException failure ? failure : e;
        }
    }

    /** Says that the service is up. */
    void ready() {
        tell(manager::ready);
    }

    /** Says that the service has begun to stop. */
    void stopping() {
        tell(manager::stopping);
    }

    private static void tell(Runnable word) {
        try {
            word.run();
        } catch (UncheckedIOException | UnsupportedOperationException e) {
            throw new FailureException(ErrorText.of(e), e);
        }
    }
}
