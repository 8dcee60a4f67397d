package dev.heddle.sim;

import org.jspecify.annotations.Nullable;

/** A connection between a session of a simulated store and one of its servers. Below the tasks. */
final class StoreConnection {

    private final SimStore store;
    private final StoreSession client;
    private final StoreServer server;
    private final StoreLine up;
    private final StoreLine down;
    private final Runnable cut = this::cut;

    /** Bytes until it is cut by the fault plan. */
    private long bytesLeft = Long.MAX_VALUE;

    /** What the server knows of the client, once it has heard of it. */
    @Nullable ServedClient served;

    private boolean open = true;

    StoreConnection(SimStore store, StoreSession client, StoreServer server) {
        this.store = store;
        this.client = client;
        this.server = server;
        up = new StoreLine(store.network(), client.host(), server.host(), cut);
        down = new StoreLine(store.network(), server.host(), client.host(), cut);
        store.network().connections().add(client.host(), server.host(), cut);
        FaultPlan faults = store.network().context().faults;
        if (faults.cutChance() > 0 && store.random().chance(faults.cutChance())) {
            bytesLeft = store.random().below(faults.cutWithinBytes());
        }
    }

    StoreSession client() {
        return client;
    }

    StoreServer server() {
        return server;
    }

    boolean isOpen() {
        return open;
    }

    void toServer(int bytes, Runnable message) {
        up.send(bytes, message);
        count(bytes);
    }

    void toClient(int bytes, Runnable message) {
        down.send(bytes, message);
        count(bytes);
    }

    /** Lets the client get nothing more for a time; then all, in order. */
    void pauseToClient(long nanos) {
        down.pause(nanos);
    }

    private void count(int bytes) {
        bytesLeft -= bytes;
        if (bytesLeft < 0) {
            cut();
        }
    }

    /** Breaks it: both ends learn at once, as far as they run, and nothing on the way arrives. */
    void cut() {
        if (open) {
            store.count(StoreEvent.CUT);
            end();
            store.onHost(client.host(), () -> client.disconnected(this, "the connection was cut"));
        }
    }

    /** The client has given it up. */
    void close() {
        if (open) {
            end();
        }
    }

    /** The server has given it up; the client learns when it is told. */
    void refuse(String why) {
        if (open) {
            up.close();
            forget();
            down.send(StoreServer.SMALL, () -> {
                close();
                client.disconnected(this, why);
            });
        }
    }

    private void end() {
        open = false;
        up.close();
        down.close();
        store.network().connections().remove(cut);
        forget();
    }

    private void forget() {
        if (served != null) {
            server.forget(served);
        }
    }
}
