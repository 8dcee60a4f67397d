package dev.heddle.observe.internal;

import dev.heddle.observe.Metrics;
import dev.heddle.observe.internal.metrics.Registry;
import java.io.IOException;

/**
 * A view of how long requests took that the servers of this process have answered, in one line: how many were done {@code within}
 * each of the {@code bounds}, in microseconds, and last how many there were. They are counted from the first time that
 * somebody asks here, or for metrics.
 */
final class RequestsView implements View {

    @Override
    public void write(ViewRequest request, JsonLines out) throws IOException {
        Metrics.begin();
        out.begin("requests").beginList("bounds");
        for (long bound : Registry.boundsMicros()) {
            out.item(bound);
        }
        out.endList().beginList("within");
        for (long count : Registry.PROCESS.servedWithin()) {
            out.item(count);
        }
        out.endList().end();
    }
}
