//! Shapes, and pages of rows.

use super::sections::Cursor;
use crate::Result;
use crate::page::{MAX_LABELS, PAGE_ROWS, Page, PageParts, ROWS, Width};
use crate::series::SeriesIndex;
use crate::shapes::Shapes;
use columns::put_unsigned;

/// Appends `shapes`. Ordering: names of a shape strictly rise.
pub(crate) fn write_shapes(shapes: &[Vec<u32>], out: &mut Vec<u8>) {
    put_unsigned(shapes.len() as u64, out);
    for names in shapes {
        put_unsigned(names.len() as u64, out);
        let mut next = 0;
        for name in names {
            put_unsigned(u64::from(name - next), out);
            next = name + 1;
        }
    }
}

/// Reads what [`write_shapes`] wrote.
pub(crate) fn read_shapes(cursor: &mut Cursor<'_>, index: &mut SeriesIndex) -> Result<()> {
    let n_names = index.names.bound();
    let n_shapes = cursor.number(u32::MAX, "number of shapes")?;
    let mut names = Vec::new();
    for shape in 0..n_shapes {
        let n_labels = cursor.number(n_names.min(MAX_LABELS), "number of labels")?;
        names.clear();
        let mut next = 0;
        for _ in 0..n_labels {
            let gap = cursor.number(n_names, "label name")?;
            let name = Some(next + gap).filter(|name| *name < n_names);
            let name = name.ok_or_else(|| cursor.corruption("label name"))?;
            names.push(name);
            next = name + 1;
        }
        if index.shapes.intern(&names)? != shape {
            return Err(cursor.corruption("a shape is repeated"));
        }
    }
    Ok(())
}

/// Appends one page.
pub(crate) fn write_page(page: &Page, shapes: &[Vec<u32>], out: &mut Vec<u8>) {
    let runs = page.runs();
    put_unsigned(runs.len() as u64, out);
    for (part, length) in runs {
        let shape = page.parts().get(part).map_or(0, |part| part.shape);
        put_unsigned(u64::from(shape), out);
        put_unsigned(length as u64, out);
    }
    for part in page.parts() {
        let labels = shapes.get(part.shape as usize).map_or(0, Vec::len);
        for (base, width, differences) in page.columns_of(part, labels) {
            put_unsigned(u64::from(base), out);
            out.push(width.bytes());
            out.extend_from_slice(differences);
        }
    }
}

/// Reads pages of `n_series` rows and checks every number in them.
pub(crate) fn read_pages(
    cursor: &mut Cursor<'_>,
    index: &mut SeriesIndex,
    n_series: u32,
) -> Result<()> {
    let mut left = n_series as usize;
    while left > 0 {
        let n_rows = left.min(PAGE_ROWS);
        let page = read_page(cursor, index, n_rows)?;
        index.table.push_page(page);
        left -= n_rows;
    }
    Ok(())
}

fn read_page(cursor: &mut Cursor<'_>, index: &SeriesIndex, n_rows: usize) -> Result<Page> {
    let mut page = PageParts::default();
    let n_runs = cursor.number(ROWS, "runs of a page")?;
    let mut end = 0;
    for _ in 0..n_runs {
        let shape = cursor.number(u32::MAX, "shape of a run")?;
        if shape as usize >= index.shapes.len() {
            return Err(cursor.corruption("shape of a run"));
        }
        let room = u32::try_from(n_rows - end).unwrap_or(0);
        let length = cursor.number(room, "length of a run")? as usize;
        if length == 0 {
            return Err(cursor.corruption("length of a run"));
        }
        end = page.push_run(shape, length);
    }
    if end != n_rows {
        return Err(cursor.corruption("rows of a page"));
    }
    for (part, (shape, rows)) in page.parts().into_iter().enumerate() {
        page.begin_columns(part);
        for name in index.shapes.get(shape) {
            let bound = index
                .entries
                .get(*name as usize)
                .map_or(0, |entry| entry.values.bound());
            read_column(cursor, &mut page, rows, bound)?;
        }
    }
    Ok(page.finish())
}

fn read_column(
    cursor: &mut Cursor<'_>,
    page: &mut PageParts,
    rows: usize,
    bound: u32,
) -> Result<()> {
    let base = cursor.number(bound.saturating_sub(1), "value of a label")?;
    let width =
        Width::of_bytes(cursor.byte()?).ok_or_else(|| cursor.corruption("width of a column"))?;
    let differences = cursor.bytes(rows * usize::from(width.bytes()))?;
    let greatest = match width {
        Width::Zero => 0,
        Width::One => differences.iter().copied().max().map_or(0, u32::from),
        Width::Two => differences
            .as_chunks()
            .0
            .iter()
            .map(|two| u32::from(u16::from_le_bytes(*two)))
            .max()
            .unwrap_or(0),
        Width::Four => differences
            .as_chunks()
            .0
            .iter()
            .map(|four| u32::from_le_bytes(*four))
            .max()
            .unwrap_or(0),
    };
    if base
        .checked_add(greatest)
        .is_none_or(|value| value >= bound)
    {
        return Err(cursor.corruption("value of a label"));
    }
    if page.push_column(base, width, differences) {
        Ok(())
    } else {
        Err(cursor.corruption("page is too long"))
    }
}

/// Names of every shape by their places in sorted order.
pub(crate) fn ranked_shapes(shapes: &Shapes, rank: &[u32]) -> Vec<Vec<u32>> {
    let ranked = |names: &[u32]| {
        names
            .iter()
            .filter_map(|name| rank.get(*name as usize).copied())
            .collect()
    };
    shapes.iter().map(ranked).collect()
}
