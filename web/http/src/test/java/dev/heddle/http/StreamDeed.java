package dev.heddle.http;

import dev.heddle.BrokenException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.HeddleException;
import dev.heddle.http.internal.http2.Http2Error;
import org.jspecify.annotations.Nullable;

/** What a server of HTTP/2 does to a response, or to its connection, behind the first half of it. */
public enum StreamDeed {
    END(null) {
        @Override
        public void play(FrameWire wire) {
            wire.data(1, "", true);
        }
    },
    END_AND_RESET(null) {
        @Override
        public void play(FrameWire wire) {
            wire.data(1, "", true).reset(1, Http2Error.NO_ERROR);
        }
    },
    END_AND_LOSS(null) {
        @Override
        public void play(FrameWire wire) {
            wire.data(1, "", true);
            wire.stream.closeOutput();
        }
    },
    END_BEFORE_THE_LENGTH(BadReplyException.class) {
        @Override
        public void begin(FrameWire wire) {
            wire.head(1, false, ":status", "200", "content-length", "10");
            wire.data(1, "half", false);
        }

        @Override
        public void play(FrameWire wire) {
            wire.data(1, "", true);
        }
    },
    RESET(BrokenException.class) {
        @Override
        public void play(FrameWire wire) {
            wire.reset(1, Http2Error.CANCEL);
        }
    },
    RESET_WITHOUT_AN_ERROR(BrokenException.class) {
        @Override
        public void play(FrameWire wire) {
            wire.reset(1, Http2Error.NO_ERROR);
        }
    },
    REFUSED(BrokenException.class) {
        @Override
        public void play(FrameWire wire) {
            wire.reset(1, Http2Error.REFUSED_STREAM);
        }
    },
    GOAWAY_BEFORE_IT(BrokenException.class) {
        @Override
        public void play(FrameWire wire) {
            wire.goAway(0, Http2Error.NO_ERROR);
        }
    },
    GOAWAY_AND_THE_END(BrokenException.class) {
        @Override
        public void play(FrameWire wire) {
            wire.goAway(1, Http2Error.NO_ERROR);
            wire.stream.closeOutput();
        }
    },
    END_OF_THE_CONNECTION(BrokenException.class) {
        @Override
        public void play(FrameWire wire) {
            wire.stream.closeOutput();
        }
    },
    END_IN_A_FRAME(BrokenException.class) {
        @Override
        public void play(FrameWire wire) {
            wire.stream.write(new byte[]{0, 0, 100, 0, 1, 0, 0, 0, 1, 'x'});
            wire.stream.closeOutput();
        }
    },
    RESET_OF_THE_CONNECTION(BrokenException.class) {
        @Override
        public void play(FrameWire wire) {
            wire.stream.abort();
        }
    },
    SILENCE(DeadlineExceededException.class) {
        @Override
        public void play(FrameWire wire) {}
    };

    private final @Nullable Class<? extends HeddleException> failure;

    StreamDeed(@Nullable Class<? extends HeddleException> failure) {
        this.failure = failure;
    }

    /** Answers the first stream with the head and the first half of a body. */
    public void begin(FrameWire wire) {
        wire.head(1, false, ":status", "200");
        wire.data(1, "half", false);
    }

    public abstract void play(FrameWire wire);

    /** What the reader fails with; null where it has the whole. */
    public @Nullable Class<? extends HeddleException> failure() {
        return failure;
    }
}
