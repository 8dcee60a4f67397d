package dev.heddle.sim;

import java.net.BindException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The ports of one host and one protocol: who has each, in the order of coming, and which number comes next. */
final class PortTable<S> {

    /** The first of the ports that are picked by the system (RFC 6335, section 6). */
    private static final int FIRST_DYNAMIC = 49_152;

    private static final int LAST = 65_535;

    private final Map<Integer, List<S>> owners = new LinkedHashMap<>();
    private final String busy;
    private int nextDynamic = FIRST_DYNAMIC;

    /**
     * @param busy what ports that somebody has are, in an error: {@code bound}
     */
    PortTable(String busy) {
        this.busy = busy;
    }

    /** A port that nobody has. */
    int pick() throws BindException {
        for (int tried = FIRST_DYNAMIC; tried <= LAST; tried++) {
            int port = nextDynamic;
            nextDynamic = port == LAST ? FIRST_DYNAMIC : port + 1;
            if (!owners.containsKey(port)) {
                return port;
            }
        }
        throw new BindException("Cannot assign requested address: all dynamic ports are " + busy);
    }

    List<S> at(int port) {
        return owners.getOrDefault(port, List.of());
    }

    void add(int port, S owner) {
        owners.computeIfAbsent(port, unseen -> new ArrayList<>()).add(owner);
    }

    void remove(int port, S owner) {
        owners.computeIfPresent(port, (p, there) -> there.remove(owner) && there.isEmpty() ? null : there);
    }

    List<S> all() {
        return owners.values().stream().flatMap(List::stream).toList();
    }
}
