package dev.heddle.http.internal.cache;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.TaskFailedException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;

/**
 * The bytes of a body that stays in its file, which was open before anybody could delete it. Of one reply that is given
 * once: closed with its reader, or by who has no use for it.
 */
final class FileBytes extends StoredBytes {

    private static final int PIECE_BYTES = 64 * 1024;

    private final FileChannel file;
    private final long begin;
    private final long length;

    FileBytes(FileChannel file, long begin, long length) {
        super(List.of());
        this.file = file;
        this.begin = begin;
        this.length = length;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public boolean isFiled() {
        return true;
    }

    /** Blocks. */
    @Override
    public void writeTo(OutputStream out, long offset, long count) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        long done = 0;
        while (done < count) {
            piece.clear().limit((int) Math.min(PIECE_BYTES, count - done));
            if (file.read(piece, begin + offset + done) < 0) {
                throw new IOException("the file of a kept reply has become shorter");
            }
            out.write(piece.array(), 0, piece.position());
            done += piece.position();
        }
    }

    /** To close a file that was only read waits for nothing. */
    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            // It was only read.
        }
    }

    @Override
    public Reader reader() {
        return new FileReader();
    }

    /** Reads piece by piece, each on a worker. */
    private final class FileReader extends Reader {

        private final ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, length)).limit(0);
        private long at;

        @Override
        public int read(byte[] target, int offset, int count) {
            if (isAtEnd()) {
                return -1;
            }
            if (!piece.hasRemaining()) {
                fill();
            }
            int taken = Math.min(count, piece.remaining());
            piece.get(target, offset, taken);
            at += taken;
            return taken;
        }

        /** Not interrupted, which would close the file. */
        private void fill() {
            try {
                Heddle.shield(() -> Heddle.offload(() -> {
                    piece.clear().limit((int) Math.min(piece.capacity(), length - at));
                    if (file.read(piece, begin + at) <= 0) {
                        throw new IOException("the file has become shorter");
                    }
                    piece.flip();
                }));
            } catch (TaskFailedException e) {
                piece.limit(0);
                throw new BrokenException("the file of a kept reply cannot be read", e);
            }
        }

        @Override
        public boolean isAtEnd() {
            return at == length;
        }

        @Override
        public void close() {
            FileBytes.this.close();
        }
    }
}
