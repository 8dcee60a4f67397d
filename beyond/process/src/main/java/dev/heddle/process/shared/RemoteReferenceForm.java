package dev.heddle.process.shared;

import dev.heddle.process.internal.codec.Decoder;
import dev.heddle.process.internal.codec.Encoder;
import dev.heddle.process.internal.codec.Frame;
import dev.heddle.process.internal.codec.Input;
import dev.heddle.process.internal.codec.Output;
import dev.heddle.process.internal.codec.SpecialForm;
import dev.heddle.process.internal.codec.Tag;
import dev.heddle.process.internal.codec.UnreadableException;

/** The form in which an object of a manager travels: what finds it, which is address, secret, number and interface. */
final class RemoteReferenceForm implements SpecialForm {

    @Override
    public byte tag() {
        return Tag.SHARED;
    }

    @Override
    public boolean write(Object value, Encoder encoder) {
        RemoteReference shared = RemoteReference.behind(value);
        if (shared == null) {
            return false;
        }
        Output out = encoder.begin(tag());
        out.putString(shared.address);
        out.putBytes(shared.secret);
        out.putInt(shared.number);
        encoder.writeClass(shared.type);
        return true;
    }

    @Override
    public Object read(Decoder decoder) {
        Input in = decoder.input();
        String address = in.readString();
        byte[] secret = in.readBytes(Frame.SECRET_BYTES);
        int number = in.readInt();
        Class<?> type = decoder.readClass();
        if (!type.isInterface() || type.isSealed()) {
            throw UnreadableException.of("a shared object of " + type, null);
        }
        var reference = new RemoteReference(address, secret, number, type, decoder.loader());
        reference.arrived();
        return reference.view();
    }
}
