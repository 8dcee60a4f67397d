package dev.heddle.conformance;

import static dev.heddle.conformance.Fixtures.text;

import dev.heddle.BrokenException;
import dev.heddle.io.ByteStream;

/** Our half of {@link LossEnds}, where it is a stream. */
abstract class OurStreamEnd implements LossEnds {

    private final ByteStream ours;

    OurStreamEnd(ByteStream ours) {
        this.ours = ours;
    }

    @Override
    public Reading read() {
        try {
            return new Reading(text(ours.readAll(1000)), false);
        } catch (BrokenException e) {
            return new Reading(text(ours.readExactly(ours.buffered().remaining())), true);
        }
    }

    @Override
    public void write(byte[] piece) {
        ours.write(piece);
    }

    @Override
    public void endOutput() {
        ours.closeOutput();
    }

    @Override
    public void assertStays(boolean broken) {
        if (broken) {
            StreamEnds.assertBroken(ours, "");
        } else {
            StreamEnds.assertEnd(ours, "");
        }
    }
}
