package dev.heddle.process;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The ways from this process to managers, by their addresses: those of its own, and connections to others. */
final class Routes {

    private static final Map<String, Route> ROUTES = new ConcurrentHashMap<>();

    private Routes() {}

    /** The way to the manager of an object; connects if there is none yet. Never waits. */
    static Route to(Reference target) {
        Route known = ROUTES.get(target.address);
        return known != null
                ? known
                : ROUTES.computeIfAbsent(target.address, address -> Connection.open(address, target.secret, target.loader));
    }

    static void add(String address, Route route) {
        ROUTES.put(address, route);
    }

    static void remove(String address, Route route) {
        ROUTES.remove(address, route);
    }

    /** Says that the code of the calling thread has ended: the next that runs there is other code. */
    static void callerEnded() {
        for (Route route : ROUTES.values()) {
            route.callerEnded(Thread.currentThread());
        }
    }
}
