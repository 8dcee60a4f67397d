package dev.heddle.cluster.postgres;

import dev.heddle.cluster.sql.SqlDialect.Column;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** The binary form of COPY (PostgreSQL 17, "COPY", "Binary Format"): many rows by one statement, sent row by row. */
final class BinaryCopy {

    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    private BinaryCopy() {}

    /** Inserts rows in the connection's transaction. One that fails has inserted none. */
    static void into(PGConnection connection, String table, List<Column> columns, List<Object[]> rows)
            throws SQLException {
        String names = columns.stream().map(Column::name).collect(Collectors.joining(", "));
        CopyIn copy = connection.getCopyAPI().copyIn("copy " + table + " (" + names + ") from stdin (format binary)");
        try {
            var form = new BinaryCopy();
            form.out.write(SIGNATURE);
            form.out.writeInt(0); // no flags
            form.out.writeInt(0); // no extension of the header
            for (Object[] row : rows) {
                form.write(columns, row);
                form.send(copy);
            }
            form.out.writeShort(-1);
            form.send(copy);
            copy.endCopy();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private void write(List<Column> columns, Object[] row) throws IOException {
        out.writeShort(row.length);
        for (int i = 0; i < row.length; i++) {
            switch (columns.get(i).content()) {
                case TEXT -> field(((String) row[i]).getBytes(StandardCharsets.UTF_8));
                case BYTES -> field((byte[]) row[i]);
                case SMALL -> {
                    out.writeInt(Short.BYTES);
                    out.writeShort((Integer) row[i]);
                }
                case JSON -> {
                    byte[] text = ((String) row[i]).getBytes(StandardCharsets.UTF_8);
                    out.writeInt(1 + text.length);
                    out.writeByte(1); // the version of the form of jsonb
                    out.write(text);
                }
            }
        }
    }

    private void field(byte[] content) throws IOException {
        out.writeInt(content.length);
        out.write(content);
    }

    private void send(CopyIn copy) throws SQLException {
        copy.writeToCopy(bytes.toByteArray(), 0, bytes.size());
        bytes.reset();
    }
}
