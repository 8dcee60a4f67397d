package dev.heddle.observe.internal;

import dev.heddle.internal.Affinity;
import dev.heddle.internal.SystemUser;
import dev.heddle.internal.Throwables;
import dev.heddle.internal.sight.Observer;
import dev.heddle.observe.internal.jfr.FlightEvents;
import dev.heddle.observe.internal.trace.BlackBox;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.attribute.UserPrincipal;

/** The observer of this process: opens its socket and serves there, on the thread that begins it. */
public final class ProcessObserver implements Observer {

    private static final String ROOT = "root";

    /** For the {@link java.util.ServiceLoader}. */
    public ProcessObserver() {}

    @Override
    public void beginRecording() {
        BlackBox.beginIfAsked();
    }

    @Override
    public void begin() {
        Affinity.unpin();
        FlightEvents.begin();
        try {
            SocketDirectory directory = SocketDirectory.claim(
                    SystemUser.number(), System.getenv(), SocketDirectory.TEMPORARY);
            UserPrincipal user = Files.getOwner(directory.path());
            long pid = ProcessHandle.current().pid();
            ServerSocketChannel socket = directory.listen(pid);
            try {
                directory.socket(pid).toFile().deleteOnExit();
            } catch (IllegalStateException | LinkageError e) {
                // The process ends already; where nobody has asked for it before, the hook fails as a class.
                Files.delete(directory.socket(pid));
                return;
            }
            directory.sweep();
            new SocketServer(socket, Views::of, peer -> mayAsk(peer, user), Connection.PATIENCE).run();
        } catch (IOException | UnsupportedOperationException e) {
            ObserverLog.log(
                    Level.INFO,
                    "this process cannot be observed (-Dheddle.observe=off if it need not): " + Throwables.text(e),
                    null);
        }
    }

    /** Whether a user may ask a process of another: root can look into any process anyway. */
    static boolean mayAsk(UserPrincipal peer, UserPrincipal user) {
        return peer.equals(user) || peer.getName().equals(ROOT);
    }
}
