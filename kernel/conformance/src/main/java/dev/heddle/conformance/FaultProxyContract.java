package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The {@link TransportContract} through a {@link FaultProxy} with harmless faults: two connections, with the proxy
 * between them. A stream that passes one and not the other relies on how bytes are cut or when they come.
 */
public abstract class FaultProxyContract extends TransportContract {

    private final FaultProxy proxy;
    private final List<Task<Void>> relays = new ArrayList<>();

    /**
     * @param faults what happens in both directions, harmless
     */
    protected FaultProxyContract(Faults faults) {
        if (!faults.isHarmless()) {
            throw new IllegalArgumentException(faults + " would lose something");
        }
        proxy = new FaultProxy(11, faults, faults);
    }

    /** Connects two ends directly; called in a task, for both sides of the proxy. */
    protected abstract Ends connectDirectly() throws Exception;

    @Override
    protected final Ends connect() throws Exception {
        Ends near = connectDirectly();
        Ends far = connectDirectly();
        relays.add(Heddle.spawn(
                "fault proxy", () -> proxy.relay(new ByteStream(near.right()), new ByteStream(far.left()))));
        return new Ends(near.left(), far.right());
    }

    @Override
    protected final void awaitEnd() {
        relays.forEach(Task::join);
        assertEquals(0, proxy.statistics().open());
    }

    /** The proxy may let it lie for a while, and needs some turns, also where the process stands still for a time. */
    @Override
    public void letArrive() {
        for (int i = 0; i < 10; i++) {
            super.letArrive();
        }
    }

    /** The proxy is the peer of both. */
    @Override
    @Test
    public void addressesNameTheEnds() {
        withStreams((left, right) -> {
            assertFalse(left.localAddress().isBlank());
            assertNotEquals(left.localAddress(), right.remoteAddress());
            assertTrue(left.toString().contains(left.remoteAddress()));
        });
    }
}
