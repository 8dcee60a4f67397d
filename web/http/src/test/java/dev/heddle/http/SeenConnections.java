package dev.heddle.http;

import dev.heddle.Heddle;
import dev.heddle.internal.sight.ConnectionSight;
import dev.heddle.internal.sight.Connections;
import dev.heddle.internal.sight.Part;
import dev.heddle.internal.sight.Parts;
import java.util.ArrayList;
import java.util.List;

/** What there is to see of the connections of this loop. */
public final class SeenConnections {

    private SeenConnections() {}

    /** Those of all parts of a type, such as {@code server}. */
    public static List<ConnectionSight> of(String type) {
        List<ConnectionSight> all = new ArrayList<>();
        for (Part<?> part : Parts.all()) {
            Connections<?> here = part.type().equals(type) ? part.connections().get(Heddle.currentLoop()) : null;
            if (here != null) {
                Connections<?>.Walk walk = here.walk();
                while (!walk.isOver()) {
                    all.addAll(walk.next());
                }
            }
        }
        return all;
    }
}
