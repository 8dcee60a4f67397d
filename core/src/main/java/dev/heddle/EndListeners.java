package dev.heddle;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whom a task tells of its end, in the order they came. Mostly it is one. On the task's loop. */
final class EndListeners {

    private @Nullable EndListener first;
    private @Nullable List<EndListener> more;

    void add(EndListener listener) {
        if (first == null && more == null) {
            first = listener;
            return;
        }
        if (more == null) {
            more = new ArrayList<>(1);
        }
        more.add(listener);
    }

    void remove(EndListener listener) {
        if (first == listener) {
            first = null;
        } else if (more != null) {
            more.remove(listener);
        }
    }

    void tell() {
        if (first != null) {
            first.ended();
        }
        if (more != null) {
            more.forEach(EndListener::ended);
        }
    }
}
