package dev.heddle.http.client;

import dev.heddle.http.Headers;

/** The body of a reply that has something until it ends, fails or is closed: its place at a throttle. */
final class HoldingBody implements ReplyBody {

    private final ReplyBody inner;
    private final PerHostLimiter.Place place;

    HoldingBody(ReplyBody inner, PerHostLimiter.Place place) {
        this.inner = inner;
        this.place = place;
    }

    @Override
    public int read(byte[] target, int offset, int count) {
        boolean more = false;
        try {
            int taken = inner.read(target, offset, count);
            more = taken >= 0;
            return taken;
        } finally {
            if (!more) {
                place.close();
            }
        }
    }

    @Override
    public long length() {
        return inner.length();
    }

    @Override
    public boolean hasArrived() {
        return inner.hasArrived();
    }

    @Override
    public Headers trailers() {
        return inner.trailers();
    }

    @Override
    public void awaitSent() {
        inner.awaitSent();
    }

    @Override
    public void close() {
        try {
            inner.close();
        } finally {
            place.close();
        }
    }
}
