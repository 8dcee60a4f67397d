package dev.heddle.process.shared;

import dev.heddle.ClosedException;
import dev.heddle.process.internal.WorkEnds;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The links from this process to managers, by their addresses: those of its own, and connections to others. */
final class ManagerLinks {

    /** How addresses begin to which nobody can connect. */
    private static final String SIMULATED = "simulated-";

    private static final AtomicLong SIMULATIONS = new AtomicLong();
    private static final Map<String, ManagerLink> ROUTES = new ConcurrentHashMap<>();

    private ManagerLinks() {}

    /** An address for a manager in a simulation. */
    static String simulatedAddress() {
        return SIMULATED + SIMULATIONS.incrementAndGet();
    }

    static boolean isSimulated(String address) {
        return address.startsWith(SIMULATED);
    }

    /**
     * The way to the manager of an object; connects if there is none yet. Never waits.
     *
     * @throws ClosedException if the manager was in a simulation
     */
    static ManagerLink to(RemoteReference target) {
        ManagerLink known = ROUTES.get(target.address);
        if (known != null) {
            return known;
        }
        if (isSimulated(target.address)) {
            throw new ClosedException(target + " is closed with its manager");
        }
        return ROUTES.computeIfAbsent(
                target.address, address -> ManagerClient.open(address, target.secret, target.loader));
    }

    static void add(String address, ManagerLink route) {
        ROUTES.put(address, route);
    }

    static void remove(String address, ManagerLink route) {
        ROUTES.remove(address, route);
    }

    static {
        WorkEnds.listen(ManagerLinks::callerEnded);
    }

    /** Says that the code of the calling thread has ended. */
    private static void callerEnded() {
        for (ManagerLink route : ROUTES.values()) {
            route.callerEnded(Thread.currentThread());
        }
    }
}
