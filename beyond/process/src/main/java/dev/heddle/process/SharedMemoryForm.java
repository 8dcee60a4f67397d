package dev.heddle.process;

import dev.heddle.process.internal.codec.Decoder;
import dev.heddle.process.internal.codec.Encoder;
import dev.heddle.process.internal.codec.Input;
import dev.heddle.process.internal.codec.Output;
import dev.heddle.process.internal.codec.SpecialForm;
import dev.heddle.process.internal.codec.Tag;

/** The form in which shared memory travels: its name and its owner's. */
final class SharedMemoryForm implements SpecialForm {

    @Override
    public byte tag() {
        return Tag.SHARED_MEMORY;
    }

    @Override
    public boolean write(Object value, Encoder encoder) {
        if (!(value instanceof SharedMemory memory)) {
            return false;
        }
        if (memory.isClosed()) {
            throw Encoder.refused(memory + " cannot travel any more");
        }
        Output out = encoder.begin(tag());
        out.putString(memory.name());
        out.putString(memory.owner());
        return true;
    }

    @Override
    public Object read(Decoder decoder) {
        Input in = decoder.input();
        return SharedMemory.received(in.readString(), in.readString());
    }
}
