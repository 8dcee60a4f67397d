package dev.heddle.http.client;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.cache.BodyCollector;

/**
 * A reply body whose bytes go to a cache while they are read. What was not read to its end, whatever the reason, is not
 * kept there.
 */
final class CollectedBody implements ReplyBody {

    private final ReplyBody source;
    private final BodyCollector collector;

    CollectedBody(ReplyBody source, BodyCollector collector) {
        this.source = source;
        this.collector = collector;
    }

    @Override
    public int read(byte[] target, int offset, int count) {
        boolean alive = false;
        try {
            int taken = source.read(target, offset, count);
            alive = true;
            if (taken < 0) {
                collector.finish(source.trailers());
            } else {
                collector.add(target, offset, taken);
            }
            return taken;
        } finally {
            if (!alive) {
                collector.discard();
            }
        }
    }

    @Override
    public long length() {
        return source.length();
    }

    @Override
    public Headers trailers() {
        return source.trailers();
    }

    @Override
    public void close() {
        // Who has counted the bytes need not ask for an end that the length has told.
        if (source.length() >= 0 && collector.total() == source.length()) {
            collector.finish(source.trailers());
        } else {
            collector.discard();
        }
        source.close();
    }
}
