//! Rows of value numbers, 1,024 to a page.
#![expect(
    clippy::indexing_slicing,
    reason = "slots name parts and rows, parts name columns, columns name bytes of the same page; all are made together in `OpenPage::pack`"
)]
#![expect(
    clippy::cast_possible_truncation,
    reason = "a page has at most 1,024 rows and parts and less than 2^30 bytes; widths are chosen by the greatest number"
)]

/// Rows of a full page.
pub(crate) const ROWS: u32 = 1024;
/// The same, to compare lengths with.
pub(crate) const PAGE_ROWS: usize = ROWS as usize;
/// Labels of one series; keeps a page below 2^30 bytes.
pub(crate) const MAX_LABELS: u32 = 65_535;

/// Stands for the part of a removed row.
const REMOVED: u16 = u16::MAX;
const OFFSET_BITS: u32 = 30;

#[derive(Clone, Copy)]
struct Slot {
    part: u16,
    row: u16,
}

/// A page that takes rows.
#[derive(Default)]
pub(crate) struct OpenPage {
    slots: Vec<Slot>,
    parts: Vec<OpenPart>,
    live: usize,
}

/// The rows of one shape, one after the other.
pub(crate) struct OpenPart {
    shape: u32,
    labels: usize,
    rows: u16,
    values: Vec<u32>,
}

impl OpenPage {
    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Appends a row. Bounds: the page has less than [`PAGE_ROWS`], the row at most [`MAX_LABELS`].
    pub(crate) fn push(&mut self, shape: u32, values: &[u32]) {
        let at = match self.parts.last() {
            Some(last) if last.shape == shape => self.parts.len() - 1,
            _ => self
                .parts
                .iter()
                .position(|part| part.shape == shape)
                .unwrap_or_else(|| {
                    self.parts.push(OpenPart {
                        shape,
                        labels: values.len(),
                        rows: 0,
                        values: Vec::new(),
                    });
                    self.parts.len() - 1
                }),
        };
        let part = &mut self.parts[at];
        self.slots.push(Slot {
            part: at as u16,
            row: part.rows,
        });
        part.rows += 1;
        part.values.extend_from_slice(values);
        self.live += 1;
    }

    pub(crate) fn row(&self, at: usize) -> Option<Row<'_>> {
        let slot = self.slots.get(at).filter(|slot| slot.part != REMOVED)?;
        Some(Row::Open(&self.parts[slot.part as usize], slot.row))
    }

    pub(crate) fn remove(&mut self, at: usize) {
        if let Some(slot) = self.slots.get_mut(at).filter(|slot| slot.part != REMOVED) {
            slot.part = REMOVED;
            self.live -= 1;
        }
    }

    /// The same rows by columns; `None` if all were removed. Empties the page and keeps its slots' memory.
    pub(crate) fn pack(&mut self) -> Option<Page> {
        let (live, parts) = (
            std::mem::take(&mut self.live),
            std::mem::take(&mut self.parts),
        );
        let slots: Box<[Slot]> = self.slots.as_slice().into();
        self.slots.clear();
        if live == 0 {
            return None;
        }
        let mut page = Page {
            slots,
            parts: Box::default(),
            columns: Box::default(),
            bytes: Box::default(),
            live,
        };
        let (mut columns, mut bytes) = (Vec::new(), Vec::new());
        let pack_part = |part: &OpenPart| {
            let first_column = columns.len() as u32;
            for label in 0..part.labels {
                let column = || part.values.iter().skip(label).step_by(part.labels).copied();
                columns.push(pack_column(column, &mut bytes));
            }
            Part {
                shape: part.shape,
                first_column,
                rows: part.rows,
            }
        };
        page.parts = parts.iter().map(pack_part).collect();
        (page.columns, page.bytes) = (columns.into(), bytes.into());
        Some(page)
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let values: usize = self
            .parts
            .iter()
            .map(|part| part.values.capacity() * 4)
            .sum();
        values
            + self.slots.capacity() * size_of::<Slot>()
            + self.parts.capacity() * size_of::<OpenPart>()
    }
}

fn pack_column<I: Iterator<Item = u32>>(column: impl Fn() -> I, bytes: &mut Vec<u8>) -> Column {
    let base = column().min().unwrap_or(0);
    let span = column().max().unwrap_or(0) - base;
    let start = bytes.len();
    let width = match span {
        0 => Width::Zero,
        1..=0xff => Width::One,
        0x100..=0xffff => Width::Two,
        _ => Width::Four,
    };
    for value in column() {
        let offset = (value - base).to_le_bytes();
        bytes.extend_from_slice(&offset[..usize::from(width.bytes())]);
    }
    Column::new(base, width, start)
}

/// Bytes per number of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Width {
    Zero,
    One,
    Two,
    Four,
}

impl Width {
    pub(crate) fn bytes(self) -> u8 {
        [0, 1, 2, 4][self as usize]
    }

    /// The width of so many bytes.
    pub(crate) fn of_bytes(bytes: u8) -> Option<Self> {
        Some(match bytes {
            0 => Self::Zero,
            1 => Self::One,
            2 => Self::Two,
            4 => Self::Four,
            _ => return None,
        })
    }
}

/// A page that is full, by columns.
pub(crate) struct Page {
    slots: Box<[Slot]>,
    parts: Box<[Part]>,
    columns: Box<[Column]>,
    bytes: Box<[u8]>,
    live: usize,
}

/// The rows of one shape.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    pub(crate) shape: u32,
    first_column: u32,
    pub(crate) rows: u16,
}

/// One label of the rows of one shape: a number that is added to all, and the differences.
#[derive(Clone, Copy)]
struct Column {
    base: u32,
    /// Width in the upper two bits, start of the differences in the page's bytes below.
    place: u32,
}

impl Column {
    fn new(base: u32, width: Width, start: usize) -> Self {
        Self {
            base,
            place: (width as u32) << OFFSET_BITS | start as u32,
        }
    }

    fn width(self) -> Width {
        [Width::Zero, Width::One, Width::Two, Width::Four][(self.place >> OFFSET_BITS) as usize]
    }

    fn start(self) -> usize {
        (self.place & ((1 << OFFSET_BITS) - 1)) as usize
    }
}

impl Page {
    pub(crate) fn row(&self, at: usize) -> Option<Row<'_>> {
        let slot = self.slots.get(at).filter(|slot| slot.part != REMOVED)?;
        Some(Row::Packed(self, &self.parts[slot.part as usize], slot.row))
    }

    /// Removes a row; says whether any is left.
    pub(crate) fn remove(&mut self, at: usize) -> bool {
        if let Some(slot) = self.slots.get_mut(at).filter(|slot| slot.part != REMOVED) {
            slot.part = REMOVED;
            self.live -= 1;
        }
        self.live > 0
    }

    fn value(&self, part: &Part, row: u16, label: usize) -> u32 {
        let column = self.columns[part.first_column as usize + label];
        let (start, row) = (column.start(), row as usize);
        let offset = match column.width() {
            Width::Zero => 0,
            Width::One => u32::from(self.bytes[start + row]),
            Width::Two => {
                let bytes = &self.bytes[start + 2 * row..][..2];
                u32::from(bytes[0]) | u32::from(bytes[1]) << 8
            }
            Width::Four => {
                let bytes = &self.bytes[start + 4 * row..][..4];
                u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
            }
        };
        column.base + offset
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        size_of_val(&*self.slots)
            + size_of_val(&*self.parts)
            + size_of_val(&*self.columns)
            + self.bytes.len()
    }

    /// Runs of neighbours of one shape: number of the part and length.
    pub(crate) fn runs(&self) -> Vec<(usize, usize)> {
        let runs = self.slots.chunk_by(|a, b| a.part == b.part);
        runs.map(|run| (run[0].part as usize, run.len())).collect()
    }

    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The columns of `part`, which has so many labels: base, width, differences.
    pub(crate) fn columns_of(
        &self,
        part: &Part,
        labels: usize,
    ) -> impl Iterator<Item = (u32, Width, &[u8])> {
        let first = part.first_column as usize;
        let rows = part.rows as usize;
        self.columns[first..first + labels]
            .iter()
            .map(move |column| {
                (
                    column.base,
                    column.width(),
                    &self.bytes[column.start()..][..rows * usize::from(column.width().bytes())],
                )
            })
    }
}

/// Puts a page together from what [`Page::runs`], [`Page::parts`] and [`Page::columns_of`] told.
#[derive(Default)]
pub(crate) struct PageParts {
    slots: Vec<Slot>,
    parts: Vec<Part>,
    columns: Vec<Column>,
    bytes: Vec<u8>,
}

impl PageParts {
    /// Appends `length` rows of `shape`, whose columns come later; says where the page then ends.
    pub(crate) fn push_run(&mut self, shape: u32, length: usize) -> usize {
        let at = self
            .parts
            .iter()
            .position(|part| part.shape == shape)
            .unwrap_or_else(|| {
                self.parts.push(Part {
                    shape,
                    first_column: 0,
                    rows: 0,
                });
                self.parts.len() - 1
            });
        let part = &mut self.parts[at];
        let rows = part.rows..part.rows + length as u16;
        part.rows = rows.end;
        self.slots.extend(rows.map(|row| Slot {
            part: at as u16,
            row,
        }));
        self.slots.len()
    }

    /// Parts so far: shape and rows.
    pub(crate) fn parts(&self) -> Vec<(u32, usize)> {
        self.parts
            .iter()
            .map(|part| (part.shape, part.rows as usize))
            .collect()
    }

    /// Says that the next column is the first of part number `part`.
    pub(crate) fn begin_columns(&mut self, part: usize) {
        self.parts[part].first_column = self.columns.len() as u32;
    }

    /// Appends a column, with `differences` of all rows of its part. False if the page has no room.
    pub(crate) fn push_column(&mut self, base: u32, width: Width, differences: &[u8]) -> bool {
        let start = self.bytes.len();
        if start + differences.len() >= 1 << OFFSET_BITS {
            return false;
        }
        self.columns.push(Column::new(base, width, start));
        self.bytes.extend_from_slice(differences);
        true
    }

    pub(crate) fn finish(self) -> Page {
        let live = self.slots.len();
        Page {
            slots: self.slots.into(),
            parts: self.parts.into(),
            columns: self.columns.into(),
            bytes: self.bytes.into(),
            live,
        }
    }
}

/// One series: its shape and its value numbers.
#[derive(Clone, Copy)]
pub(crate) enum Row<'a> {
    Open(&'a OpenPart, u16),
    Packed(&'a Page, &'a Part, u16),
}

impl Row<'_> {
    pub(crate) fn shape(self) -> u32 {
        match self {
            Self::Open(part, _) => part.shape,
            Self::Packed(_, part, _) => part.shape,
        }
    }

    /// The value of the label that stands at `label` in the row's shape. Bounds: below the number of
    /// names of the shape.
    pub(crate) fn value(self, label: usize) -> u32 {
        match self {
            Self::Open(part, row) => part.values[row as usize * part.labels + label],
            Self::Packed(page, part, row) => page.value(part, row, label),
        }
    }
}
