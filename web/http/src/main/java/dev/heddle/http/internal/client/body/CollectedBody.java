package dev.heddle.http.internal.client.body;

import dev.heddle.http.internal.cache.BodyCollector;
import dev.heddle.http.internal.cache.FileCollector;
import dev.heddle.http.internal.cache.MemoryStore;
import dev.heddle.http.internal.cache.ReplyCache;

/**
 * A reply body whose bytes go to a cache while they are read. What was not read to its end, whatever the reason, is not
 * kept there.
 */
public final class CollectedBody extends ForwardingBody {

    private final BodyCollector collector;
    private final ReplyCache cache;
    private final MemoryStore.Place place;

    public CollectedBody(ReplyBody source, BodyCollector collector, ReplyCache cache, MemoryStore.Place place) {
        super(source);
        this.collector = collector;
        this.cache = cache;
        this.place = place;
    }

    @Override
    public int read(byte[] target, int offset, int count) {
        boolean alive = false;
        try {
            int taken = source.read(target, offset, count);
            alive = true;
            if (taken < 0) {
                if (collector.finish(source.trailers())) {
                    cache.stored(collector.kept(), place);
                }
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
    public void close() {
        // Who has counted the bytes need not ask for an end that the length has told.
        if (source.length() >= 0 && collector.total() == source.length()) {
            if (collector.finish(source.trailers())) {
                cache.storedMeanwhile(collector.kept(), place);
            }
        } else {
            collector.discard();
        }
        source.close();
    }

    /** The same of a long body, whose bytes go to a file as they come. */
    public static final class Filed extends ForwardingBody {

        private final FileCollector collector;
        private final ReplyCache cache;

        public Filed(ReplyBody source, FileCollector collector, ReplyCache cache) {
            super(source);
            this.collector = collector;
            this.cache = cache;
        }

        @Override
        public int read(byte[] target, int offset, int count) {
            boolean alive = false;
            try {
                int taken = source.read(target, offset, count);
                if (taken > 0) {
                    cache.add(collector, target, offset, taken);
                }
                alive = true;
                return taken;
            } finally {
                if (!alive) {
                    collector.discard();
                }
            }
        }

        @Override
        public void close() {
            collector.discard(); // unless all has come
            source.close();
        }
    }
}
