package dev.heddle.process.internal.codec;

import dev.heddle.process.RemoteCallable;

/**
 * A body of another pool, which has come from elsewhere and is done by a child of this one. Neither the body nor its
 * answer is decoded on the way: who passes them on passes on bytes, so that the values of users touch their own process
 * only, and little is done for each. On the wire {@code maxBytes:4 attempt:4 node work}.
 *
 * @param name what it is, for people
 * @param work encoded by the other pool
 * @param maxBytes the longest result
 * @param attempt which try of the body this is, from 1
 * @param node where it is done
 */
public record Relayed(String name, Encoded work, int maxBytes, int attempt, String node)
        implements
            RemoteCallable<Object> {

    /** Which try of a body this is, from 1; bound in it. */
    public static final ScopedValue<Integer> ATTEMPT = ScopedValue.newInstance();

    /** The node on which a body runs; bound in it. */
    public static final ScopedValue<String> NODE = ScopedValue.newInstance();

    @Override
    public Object call() {
        throw new IllegalStateException("it is passed on");
    }

    /** Encodes it, for a child that takes so many bytes. */
    public Output encode(int limit) {
        var out = new Output(limit);
        out.putInt(maxBytes);
        out.putInt(attempt);
        out.putString(node);
        work.writeTo(out);
        return out;
    }

    /** What a child has to do, of what {@link #encode} has given. */
    static Duty open(Codec codec, Input in, ClassLoader loader) {
        Codec bounded = codec.bounded(in.readInt());
        int attempt = in.readInt();
        String node = in.readString();
        Duty duty = Duty.open(bounded, in, loader);
        return new Duty(bounded, () -> ScopedValue.where(NODE, node)
                .where(ATTEMPT, attempt)
                .call(duty.body()::call));
    }
}
